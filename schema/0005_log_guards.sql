-- The log only grows, whoever asks: its owner and a superuser are refused too, and replication
-- settings do not silence the refusal (ENABLE ALWAYS).
SET LOCAL ROLE cathlog_owner;

CREATE FUNCTION log.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%.% only grows: % is refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Rows come from the functions of the writer alone, which run under its name.
CREATE FUNCTION log.refuse_all_but_writer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user <> 'cathlog_writer' THEN
    RAISE EXCEPTION '%.% is written by its own functions only: % is refused',
      TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON log.event
  FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
CREATE TRIGGER written_by_functions BEFORE INSERT ON log.event
  FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_all_but_writer();
CREATE TRIGGER never_shrinks BEFORE DELETE OR TRUNCATE ON log.head
  FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
CREATE TRIGGER written_by_functions BEFORE INSERT OR UPDATE ON log.head
  FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_all_but_writer();

ALTER TABLE log.event ENABLE ALWAYS TRIGGER only_grows;
ALTER TABLE log.event ENABLE ALWAYS TRIGGER written_by_functions;
ALTER TABLE log.head ENABLE ALWAYS TRIGGER never_shrinks;
ALTER TABLE log.head ENABLE ALWAYS TRIGGER written_by_functions;
