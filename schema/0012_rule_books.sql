-- The rule books that a facility keeps, so that what it adopted can be derived by for ever. They are
-- guarded as the log is: a row never changes, comes from one function alone, and belongs to one
-- facility.
SET LOCAL ROLE cathlog_owner;
GRANT CREATE ON SCHEMA log TO cathlog_writer;

CREATE TABLE log.rule_book (
  facility text COLLATE "C" NOT NULL,
  -- By which events and derivations name the book. It is over the document alone, so that the
  -- database holds each row to it, today and in whatever copy is restored.
  digest bytea NOT NULL CHECK (digest = sha256(document)),
  edition text COLLATE "C" NOT NULL CHECK (octet_length(edition) BETWEEN 1 AND 512),
  -- The canonical bytes of the whole book; that of a site with what it extends.
  document bytea NOT NULL CHECK (octet_length(document) BETWEEN 1 AND 4194304),
  recorded_at timestamptz NOT NULL,
  recorder text COLLATE "C" NOT NULL,
  PRIMARY KEY (facility, digest)
);

ALTER TABLE log.rule_book ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_facility ON log.rule_book FOR SELECT TO cathlog_service
  USING (facility = current_setting('cathlog.facility', true));
CREATE POLICY every_facility ON log.rule_book TO cathlog_writer USING (true) WITH CHECK (true);

GRANT SELECT ON log.rule_book TO cathlog_service;
GRANT SELECT, INSERT ON log.rule_book TO cathlog_writer;

CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON log.rule_book
  FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
CREATE TRIGGER written_by_functions BEFORE INSERT ON log.rule_book
  FOR EACH STATEMENT WHEN (current_user <> 'cathlog_writer')
  EXECUTE FUNCTION log.refuse_all_but_writer();
ALTER TABLE log.rule_book ENABLE ALWAYS TRIGGER only_grows;
ALTER TABLE log.rule_book ENABLE ALWAYS TRIGGER written_by_functions;
SET LOCAL ROLE NONE;

-- The one way in. The outcome is `stored`, `repeat` (the facility has this document, with the time
-- of the first) or `full` (it has as many books as it may).
CREATE FUNCTION log.store_rule_book(
  p_facility text, p_digest bytea, p_edition text, p_document bytea, p_recorder text,
  OUT outcome text, OUT stored_at timestamptz
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  book_limit CONSTANT integer := 1000;
BEGIN
  IF sha256(p_document) <> p_digest THEN
    RAISE EXCEPTION 'the digest is not that of the document' USING ERRCODE = 'CL002';
  END IF;
  -- One at a time in a facility, so that the limit holds.
  PERFORM FROM log.head h WHERE h.facility = p_facility FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no log of this facility' USING ERRCODE = 'CL001';
  END IF;
  SELECT b.recorded_at INTO stored_at FROM log.rule_book b
  WHERE b.facility = p_facility AND b.digest = p_digest;
  IF FOUND THEN
    outcome := 'repeat';
  ELSIF (SELECT count(*) FROM log.rule_book b WHERE b.facility = p_facility) >= book_limit THEN
    outcome := 'full';
  ELSE
    outcome := 'stored';
    stored_at := clock_timestamp();
    INSERT INTO log.rule_book
    VALUES (p_facility, p_digest, p_edition, p_document, stored_at, p_recorder);
  END IF;
END
$$;

ALTER FUNCTION log.store_rule_book OWNER TO cathlog_writer;
REVOKE ALL ON FUNCTION log.store_rule_book FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.store_rule_book TO cathlog_service;

SET LOCAL ROLE cathlog_owner;
REVOKE CREATE ON SCHEMA log FROM cathlog_writer;
