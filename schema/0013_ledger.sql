-- The charge ledger: what billing pulls. Current lines are made anew; entries never are. They are
-- guarded as the log is, and numbered 1, 2, 3 … in each facility.
CREATE SCHEMA ledger AUTHORIZATION cathlog_owner;
GRANT USAGE, CREATE ON SCHEMA ledger TO cathlog_writer;
GRANT USAGE ON SCHEMA ledger TO cathlog_service;
SET LOCAL ROLE cathlog_owner;

-- Up to where the log has been posted, and the last number given.
CREATE TABLE ledger.head (
  facility text COLLATE "C" PRIMARY KEY,
  position bigint NOT NULL CHECK (position >= 0),
  last_number bigint NOT NULL CHECK (last_number >= 0)
) WITH (fillfactor = 10);

-- A history that nothing has cut short. What a restore from a backup has lost may have been pulled,
-- and its numbers are given again: so after one, entries belong to a new epoch.
CREATE TABLE ledger.epoch (
  facility text COLLATE "C" NOT NULL,
  ordinal integer NOT NULL CHECK (ordinal > 0),
  epoch text COLLATE "C" NOT NULL
    CHECK (epoch ~ '^[bcdfghjkmnpqrstvwxyz][bcdfghjkmnpqrstvwxyz2-9]{3}$'),
  -- Of its first entry.
  first_number bigint NOT NULL CHECK (first_number > 0),
  began_at timestamptz NOT NULL,
  -- Where it is written: another place means a restore, or a standby that took over.
  place text COLLATE "C",
  -- Who ordered it; NULL where it began by itself.
  person text COLLATE "C",
  PRIMARY KEY (facility, ordinal),
  UNIQUE (facility, epoch)
);

CREATE TABLE ledger.entry (
  facility text COLLATE "C" NOT NULL,
  number bigint NOT NULL CHECK (number > 0),
  epoch text COLLATE "C" NOT NULL,
  -- Of a credit, the number of the charge that it takes back.
  credit_of bigint CHECK (credit_of < number),
  case_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  -- Of the event that brought it about, and when that was recorded.
  position bigint NOT NULL CHECK (position > 0),
  recorded_at timestamptz NOT NULL,
  posted_at timestamptz NOT NULL,
  service_date date NOT NULL,
  code text COLLATE "C" NOT NULL,
  units integer NOT NULL CHECK (units > 0),
  rule_book text COLLATE "C" NOT NULL,
  rule_book_digest text COLLATE "C" NOT NULL,
  grouping_policy text COLLATE "C" NOT NULL,
  -- What is charged or credited, without anything that identifies a patient.
  document text COLLATE "C" NOT NULL,
  PRIMARY KEY (facility, number)
);
-- A charge is credited once.
CREATE UNIQUE INDEX credited_once ON ledger.entry (facility, credit_of)
  WHERE credit_of IS NOT NULL;
CREATE INDEX entry_by_case ON ledger.entry (facility, case_id, number);
CREATE INDEX entry_by_date ON ledger.entry (facility, service_date, number);

-- Cases that were imported to be kept and not to be charged: they were billed where they come from.
CREATE TABLE ledger.withheld_case (
  facility text COLLATE "C" NOT NULL,
  case_id uuid NOT NULL,
  withheld_at timestamptz NOT NULL,
  person text COLLATE "C" NOT NULL,
  PRIMARY KEY (facility, case_id)
);
-- What was imported before there was a ledger.
INSERT INTO ledger.withheld_case
SELECT facility, case_id, min(recorded_at), min(recorder) FROM log.event
WHERE case_id <> '00000000-0000-0000-0000-000000000000' AND recorder LIKE 'command-line:%'
GROUP BY facility, case_id;

-- How far billing says that it has posted.
CREATE TABLE ledger.acknowledgement (
  facility text COLLATE "C" NOT NULL,
  ordinal bigint NOT NULL CHECK (ordinal > 0),
  through_number bigint NOT NULL CHECK (through_number > 0),
  epoch text COLLATE "C" NOT NULL,
  acknowledged_at timestamptz NOT NULL,
  person text COLLATE "C" NOT NULL,
  PRIMARY KEY (facility, ordinal)
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['head', 'epoch', 'entry', 'withheld_case', 'acknowledgement'] LOOP
    EXECUTE format('ALTER TABLE ledger.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY own_facility ON ledger.%I FOR SELECT TO cathlog_service
       USING (facility = current_setting(''cathlog.facility'', true))', name);
    EXECUTE format(
      'CREATE POLICY every_facility ON ledger.%I TO cathlog_writer USING (true) WITH CHECK (true)',
      name);
    EXECUTE format('GRANT SELECT ON ledger.%I TO cathlog_service', name);
    EXECUTE format('GRANT SELECT, INSERT ON ledger.%I TO cathlog_writer', name);
    EXECUTE format(
      'CREATE TRIGGER only_grows BEFORE %s DELETE OR TRUNCATE ON ledger.%I
       FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change()',
      -- The head moves; nothing else does.
      CASE name WHEN 'head' THEN '' ELSE 'UPDATE OR' END, name);
    EXECUTE format(
      'CREATE TRIGGER written_by_functions BEFORE INSERT OR UPDATE ON ledger.%I
       FOR EACH STATEMENT WHEN (current_user <> ''cathlog_writer'')
       EXECUTE FUNCTION log.refuse_all_but_writer()', name);
    EXECUTE format('ALTER TABLE ledger.%I ENABLE ALWAYS TRIGGER only_grows', name);
    EXECUTE format('ALTER TABLE ledger.%I ENABLE ALWAYS TRIGGER written_by_functions', name);
  END LOOP;
END
$$;
GRANT UPDATE ON ledger.head TO cathlog_writer;
SET LOCAL ROLE NONE;

-- Where this database is: the cluster, the database in it, and the timeline of its history. A
-- restore changes one of them. NULL where the site's database tells none of it.
CREATE FUNCTION ledger.place() RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT system_identifier FROM pg_control_system()) || '/'
    || (SELECT oid FROM pg_database WHERE datname = current_database()) || '/'
    || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8);
EXCEPTION WHEN insufficient_privilege THEN
  RETURN NULL;
END
$$;

-- Begins an epoch, whose name no other of the facility has.
CREATE FUNCTION ledger.begin_epoch(
  p_facility text, p_first_number bigint, p_place text, p_person text
) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  letters CONSTANT text := 'bcdfghjkmnpqrstvwxyz';
  others CONSTANT text := letters || '23456789';
  random bytea;
  name text;
BEGIN
  LOOP
    random := uuid_send(gen_random_uuid());
    name := substr(letters, 1 + get_byte(random, 0) % 20, 1)
      || substr(others, 1 + get_byte(random, 1) % 28, 1)
      || substr(others, 1 + get_byte(random, 2) % 28, 1)
      || substr(others, 1 + get_byte(random, 3) % 28, 1);
    EXIT WHEN NOT EXISTS (
      SELECT FROM ledger.epoch e WHERE e.facility = p_facility AND e.epoch = name);
  END LOOP;
  INSERT INTO ledger.epoch
  SELECT p_facility, count(*) + 1, name, p_first_number, clock_timestamp(), p_place, p_person
  FROM ledger.epoch e WHERE e.facility = p_facility;
  RETURN name;
END
$$;

-- The one way in. Enters what the events from one position of the log to another make, in order, and
-- moves the ledger on. Many entries may come in several calls of one transaction, of which the last
-- moves it. Whoever posts must know where the ledger stands: two cannot both post one stretch.
CREATE FUNCTION ledger.post(
  p_facility text, p_start bigint, p_end bigint, p_last_number bigint, p_is_last boolean,
  p_credit_of bigint[], p_case_id uuid[], p_version bigint[], p_position bigint[],
  p_service_day integer[], p_code text[], p_units integer[], p_rule_book text[],
  p_rule_book_digest text[], p_grouping_policy text[], p_document text[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off AS $$
DECLARE
  entry_count CONSTANT integer := cardinality(p_code);
  moved_to CONSTANT bigint := CASE WHEN p_is_last THEN p_end ELSE p_start END;
  here text;
  current_epoch text;
  current_place text;
BEGIN
  UPDATE ledger.head SET position = moved_to, last_number = p_last_number + entry_count
  WHERE facility = p_facility AND position = p_start AND last_number = p_last_number;
  IF NOT FOUND AND p_start = 0 AND p_last_number = 0 THEN
    INSERT INTO ledger.head VALUES (p_facility, moved_to, entry_count) ON CONFLICT DO NOTHING;
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the ledger does not stand at position %', p_start USING ERRCODE = 'CL003';
  END IF;
  IF p_end <= p_start
    OR p_end > (SELECT h.position FROM log.head h WHERE h.facility = p_facility)
  THEN
    RAISE EXCEPTION 'the log has nothing from % to %', p_start, p_end USING ERRCODE = 'CL003';
  END IF;
  IF entry_count = 0 THEN RETURN; END IF;

  here := ledger.place();
  SELECT e.epoch, e.place INTO current_epoch, current_place FROM ledger.epoch e
  WHERE e.facility = p_facility ORDER BY e.ordinal DESC LIMIT 1;
  IF current_epoch IS NULL OR current_place IS DISTINCT FROM here THEN
    current_epoch := ledger.begin_epoch(p_facility, p_last_number + 1, here, NULL);
  END IF;

  INSERT INTO ledger.entry
  SELECT p_facility, p_last_number + n.ordinal, current_epoch, n.credit_of, n.case_id, n.version,
    n.position, v.recorded_at, clock_timestamp(), DATE '1970-01-01' + n.service_day, n.code,
    n.units, n.rule_book, n.rule_book_digest, n.grouping_policy, n.document
  FROM unnest(p_credit_of, p_case_id, p_version, p_position, p_service_day, p_code, p_units,
      p_rule_book, p_rule_book_digest, p_grouping_policy, p_document) WITH ORDINALITY
    AS n (credit_of, case_id, version, position, service_day, code, units, rule_book,
      rule_book_digest, grouping_policy, document, ordinal)
  JOIN log.event v ON v.facility = p_facility AND v.position = n.position
  WHERE n.position > p_start AND n.position <= p_end;
  IF (SELECT count(*) FROM ledger.entry e
      WHERE e.facility = p_facility AND e.number > p_last_number) <> entry_count
    OR EXISTS (
      SELECT FROM (
        SELECT e.position < lag(e.position) OVER (ORDER BY e.number) AS is_back
        FROM ledger.entry e WHERE e.facility = p_facility AND e.number >= p_last_number) o
      WHERE o.is_back)
  THEN
    RAISE EXCEPTION 'an entry is of no event from % to %, or out of their order', p_start, p_end
      USING ERRCODE = 'CL003';
  END IF;
  -- A credit takes back what was charged, to the unit.
  IF EXISTS (
    SELECT FROM ledger.entry e
    LEFT JOIN ledger.entry c ON c.facility = e.facility AND c.number = e.credit_of
    WHERE e.facility = p_facility AND e.number > p_last_number AND e.credit_of IS NOT NULL
      AND (c.number IS NULL OR c.credit_of IS NOT NULL OR c.case_id <> e.case_id
        OR c.document <> e.document))
  THEN
    RAISE EXCEPTION 'a credit is not of a charge' USING ERRCODE = 'CL003';
  END IF;
  IF EXISTS (
    SELECT FROM ledger.withheld_case w
    WHERE w.facility = p_facility AND w.case_id = ANY (p_case_id))
  THEN
    RAISE EXCEPTION 'a case that is withheld is not charged' USING ERRCODE = 'CL003';
  END IF;
END
$$;

-- Begins an epoch by order, after a restore that left the place as it was; the ledger must stand.
CREATE FUNCTION ledger.restart(p_facility text, p_person text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  last bigint;
BEGIN
  SELECT h.last_number INTO last FROM ledger.head h WHERE h.facility = p_facility FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  RETURN ledger.begin_epoch(p_facility, last + 1, ledger.place(), p_person);
END
$$;

-- The outcome is `acknowledged`, `repeat` (billing had said so), `backwards` (it had said more) or
-- `unknown` (there is no such entry); beside it how far billing says to be now.
CREATE FUNCTION ledger.acknowledge(
  p_facility text, p_epoch text, p_number bigint, p_person text,
  OUT outcome text, OUT through_epoch text, OUT through_number bigint,
  OUT acknowledged_at timestamptz, OUT person text
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  last_ordinal bigint := 0;
BEGIN
  -- One at a time in a facility.
  PERFORM FROM ledger.head h WHERE h.facility = p_facility FOR UPDATE;
  SELECT a.ordinal, a.epoch, a.through_number, a.acknowledged_at, a.person
  INTO last_ordinal, through_epoch, through_number, acknowledged_at, person
  FROM ledger.acknowledgement a WHERE a.facility = p_facility ORDER BY a.ordinal DESC LIMIT 1;
  IF NOT EXISTS (
    SELECT FROM ledger.entry e
    WHERE e.facility = p_facility AND e.number = p_number AND e.epoch = p_epoch)
  THEN
    outcome := 'unknown';
  ELSIF p_number < through_number THEN
    outcome := 'backwards';
  ELSIF p_number = through_number THEN
    outcome := 'repeat';
  ELSE
    outcome := 'acknowledged';
    through_epoch := p_epoch;
    through_number := p_number;
    acknowledged_at := clock_timestamp();
    person := p_person;
    INSERT INTO ledger.acknowledgement VALUES (
      p_facility, coalesce(last_ordinal, 0) + 1, p_number, p_epoch, acknowledged_at, p_person);
  END IF;
END
$$;

-- Keeps cases that are about to be imported out of the ledger. Returns those for which it is too
-- late: they are in the log already, and their charges are posted.
CREATE FUNCTION ledger.withhold(p_facility text, p_cases uuid[], p_person text)
RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off AS $$
BEGIN
  -- Nothing is appended meanwhile.
  PERFORM FROM log.head h WHERE h.facility = p_facility FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no log of this facility' USING ERRCODE = 'CL001';
  END IF;
  INSERT INTO ledger.withheld_case
  SELECT p_facility, c, clock_timestamp(), p_person FROM unnest(p_cases) AS c
  WHERE NOT EXISTS (
    SELECT FROM log.event v WHERE v.facility = p_facility AND v.case_id = c)
  ON CONFLICT DO NOTHING;
  RETURN QUERY
    SELECT c FROM unnest(p_cases) AS c
    WHERE NOT EXISTS (
      SELECT FROM ledger.withheld_case w WHERE w.facility = p_facility AND w.case_id = c);
END
$$;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'place', 'begin_epoch', 'post', 'restart', 'acknowledge', 'withhold'
  ] LOOP
    EXECUTE format('ALTER FUNCTION ledger.%I OWNER TO cathlog_writer', name);
    EXECUTE format('REVOKE ALL ON FUNCTION ledger.%I FROM PUBLIC', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['post', 'restart', 'acknowledge', 'withhold'] LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION ledger.%I TO cathlog_service', name);
  END LOOP;
END
$$;

SET LOCAL ROLE cathlog_owner;
REVOKE CREATE ON SCHEMA ledger FROM cathlog_writer;
