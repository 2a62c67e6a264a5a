-- Refuses ALTER, DROP and CREATE in the log's schemas outside a migration, to their owner too.
-- Only a superuser can install an event trigger, so this is no numbered migration: it is laid anew
-- whenever a superuser migrates.
CREATE OR REPLACE FUNCTION migration.refuse_definition() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  guarded CONSTANT text[] := ARRAY['log', 'ledger', 'access'];
  tables CONSTANT text[] := ARRAY[
    'log.head', 'log.event', 'log.rule_book', 'ledger.head', 'ledger.epoch', 'ledger.entry',
    'ledger.withheld_case', 'ledger.acknowledgement', 'access.record'
  ];
  touched text;
BEGIN
  IF migration.is_under_way() THEN RETURN; END IF;
  IF TG_EVENT = 'sql_drop' THEN
    SELECT object_identity INTO touched FROM pg_event_trigger_dropped_objects()
    WHERE schema_name = ANY (guarded) OR (object_type = 'schema' AND object_name = ANY (guarded))
    LIMIT 1;
  ELSE
    SELECT object_identity INTO touched FROM pg_event_trigger_ddl_commands()
    WHERE schema_name = ANY (guarded)
      OR (object_type = 'schema' AND object_identity = ANY (guarded))
    LIMIT 1;
  END IF;
  -- A table that has been moved is not in these schemas any more, and a rule has no schema.
  IF touched IS NULL THEN
    SELECT name INTO touched FROM unnest(tables) AS name
    WHERE to_regclass(name) IS NULL
      OR EXISTS (SELECT FROM pg_rewrite WHERE ev_class = to_regclass(name))
    LIMIT 1;
  END IF;
  IF touched IS NOT NULL THEN
    RAISE EXCEPTION '% belongs to the log: % is refused outside a migration', touched, TG_TAG
      USING ERRCODE = 'insufficient_privilege';
  END IF;
END
$$;

DROP EVENT TRIGGER IF EXISTS cathlog_refuse_change_of_log;
DROP EVENT TRIGGER IF EXISTS cathlog_refuse_drop_of_log;
CREATE EVENT TRIGGER cathlog_refuse_change_of_log ON ddl_command_end
  EXECUTE FUNCTION migration.refuse_definition();
CREATE EVENT TRIGGER cathlog_refuse_drop_of_log ON sql_drop
  EXECUTE FUNCTION migration.refuse_definition();
ALTER EVENT TRIGGER cathlog_refuse_change_of_log ENABLE ALWAYS;
ALTER EVENT TRIGGER cathlog_refuse_drop_of_log ENABLE ALWAYS;
