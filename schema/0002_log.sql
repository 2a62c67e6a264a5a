-- The facilities' logs. A row is final: nothing about it can be mended later.
SET LOCAL ROLE cathlog_owner;

-- Where each log ends. An append locks this row first and reads afterwards, so that the order of
-- positions is the order of commits and an aborted append leaves no gap.
CREATE TABLE log.head (
  facility text COLLATE "C" PRIMARY KEY,
  position bigint NOT NULL CHECK (position >= 0),
  -- Of the last event, so that the clock of the log never runs backwards.
  recorded_at timestamptz NOT NULL
);

CREATE TABLE log.event (
  facility text COLLATE "C" NOT NULL,
  position bigint NOT NULL CHECK (position > 0),
  case_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  event_id uuid NOT NULL,
  type text COLLATE "C" NOT NULL,
  -- The number of the form that the payload is written in.
  form smallint NOT NULL CHECK (form > 0),
  occurred_at timestamptz NOT NULL,
  time_qualifier text COLLATE "C",
  performer text COLLATE "C",
  -- Sealed under the case's key, as is every identifying field within the payload.
  reason bytea,
  -- The canonical bytes of the event's data.
  payload bytea NOT NULL,
  -- HMAC of the content under the case's key: tells a repeat from a reused id.
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  recorded_at timestamptz NOT NULL,
  recorder text COLLATE "C" NOT NULL,
  claimed_recorded_at timestamptz,
  claimed_recorder text COLLATE "C",
  -- What the hot fold reads, again, out of the payload.
  vessel text COLLATE "C",
  side text COLLATE "C",
  modality text COLLATE "C",
  images_stored boolean,
  lesion text COLLATE "C",
  entry_id uuid,
  -- SHA-256 over 0x00 and every column above, in this order, in PostgreSQL's binary form of a row.
  leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
  PRIMARY KEY (facility, position),
  UNIQUE (facility, case_id, version),
  UNIQUE (facility, event_id)
);

-- Rows come in the order of time and never change: few pages need looking at, none need cleaning,
-- but the visibility map must be kept for reads of the indexes alone.
ALTER TABLE log.event SET (autovacuum_vacuum_insert_scale_factor = 0.05, fillfactor = 100);
ALTER TABLE log.head SET (fillfactor = 10);

-- Facilities are kept apart on reads, by a setting of the transaction.
ALTER TABLE log.event ENABLE ROW LEVEL SECURITY;
ALTER TABLE log.head ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_facility ON log.event FOR SELECT TO cathlog_service
  USING (facility = current_setting('cathlog.facility', true));
CREATE POLICY own_facility ON log.head FOR SELECT TO cathlog_service
  USING (facility = current_setting('cathlog.facility', true));
CREATE POLICY every_facility ON log.event TO cathlog_writer USING (true) WITH CHECK (true);
CREATE POLICY every_facility ON log.head TO cathlog_writer USING (true) WITH CHECK (true);

GRANT SELECT ON log.event, log.head TO cathlog_service;
GRANT SELECT, INSERT ON log.event TO cathlog_writer;
GRANT SELECT, INSERT, UPDATE ON log.head TO cathlog_writer;
