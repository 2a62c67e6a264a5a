-- Read models: what the projectors make of the logs. All of it can be made anew from a log.
SET LOCAL ROLE cathlog_owner;

-- How far a projector has read a facility's log. A rebuild fills the next generation beside the
-- active one; readers join the active one, so that one row's change swaps them.
CREATE TABLE projection.checkpoint (
  facility text COLLATE "C" NOT NULL,
  projector text COLLATE "C" NOT NULL,
  generation bigint NOT NULL CHECK (generation > 0),
  is_active boolean NOT NULL,
  -- By which fold and which rule book the rows were made.
  projector_version integer NOT NULL CHECK (projector_version > 0),
  rule_book text COLLATE "C" NOT NULL,
  rule_book_digest text COLLATE "C" NOT NULL,
  position bigint NOT NULL CHECK (position >= 0),
  -- Of the event at that position.
  recorded_at timestamptz,
  -- The complete account: each position is one of these.
  applied bigint NOT NULL CHECK (applied >= 0),
  irrelevant bigint NOT NULL CHECK (irrelevant >= 0),
  held bigint NOT NULL CHECK (held >= 0),
  CONSTRAINT account_is_complete CHECK (applied + irrelevant + held = position),
  PRIMARY KEY (facility, projector, generation)
);
CREATE UNIQUE INDEX one_active_generation ON projection.checkpoint (facility, projector)
  WHERE is_active;

-- A generation that is being built: which cases of the log up to a position are done.
CREATE TABLE projection.rebuild (
  facility text COLLATE "C" NOT NULL,
  projector text COLLATE "C" NOT NULL,
  generation bigint NOT NULL CHECK (generation > 0),
  projector_version integer NOT NULL CHECK (projector_version > 0),
  rule_book text COLLATE "C" NOT NULL,
  rule_book_digest text COLLATE "C" NOT NULL,
  -- The cases are built as they stand at this position.
  target_position bigint NOT NULL CHECK (target_position >= 0),
  stage text COLLATE "C" NOT NULL CHECK (stage IN ('cases', 'sessions')),
  -- Everything up to this case is done in this stage.
  last_case uuid NOT NULL,
  applied bigint NOT NULL CHECK (applied >= 0),
  irrelevant bigint NOT NULL CHECK (irrelevant >= 0),
  held bigint NOT NULL CHECK (held >= 0),
  CHECK (applied + irrelevant + held <= target_position),
  PRIMARY KEY (facility, projector, generation)
);

-- One row a case, as the worklist shows it and as other sessions of its patient see it.
CREATE TABLE projection.case (
  facility text COLLATE "C" NOT NULL,
  generation bigint NOT NULL,
  case_id uuid NOT NULL,
  -- Of its last event.
  version bigint NOT NULL CHECK (version > 0),
  position bigint NOT NULL CHECK (position > 0),
  recorded_at timestamptz NOT NULL,
  -- Of its first event: it never changes, so the worklist pages by it.
  first_recorded_at timestamptz NOT NULL,
  phase text COLLATE "C" NOT NULL,
  counts_as_signed boolean NOT NULL,
  -- What the opening says; NULL where it cannot be read.
  service_date date,
  opened_at timestamptz,
  room text COLLATE "C",
  operator text COLLATE "C",
  payer text COLLATE "C",
  planned_procedure text COLLATE "C",
  -- A pseudonym, and every pseudonym that any entry ever named.
  patient text COLLATE "C",
  named_patients text[] COLLATE "C" NOT NULL,
  -- The families in which it counts a vessel; none once it is cancelled.
  families text[] COLLATE "C" NOT NULL,
  grouping_policy text COLLATE "C" NOT NULL,
  -- The derivation, byte for byte.
  document text COLLATE "C" NOT NULL,
  PRIMARY KEY (facility, generation, case_id)
);
CREATE INDEX case_by_time ON projection.case
  (facility, generation, first_recorded_at DESC, case_id DESC);
CREATE INDEX case_by_phase ON projection.case
  (facility, generation, phase, first_recorded_at DESC, case_id DESC);
CREATE INDEX case_by_date ON projection.case (facility, generation, service_date, patient);

CREATE TABLE projection.line (
  facility text COLLATE "C" NOT NULL,
  generation bigint NOT NULL,
  case_id uuid NOT NULL,
  -- Its place in the derivation, from 1.
  number integer NOT NULL CHECK (number > 0),
  code text COLLATE "C" NOT NULL,
  units integer NOT NULL CHECK (units > 0),
  status text COLLATE "C" NOT NULL,
  modifiers text[] COLLATE "C" NOT NULL,
  holds text[] COLLATE "C" NOT NULL,
  document text COLLATE "C" NOT NULL,
  PRIMARY KEY (facility, generation, case_id, number)
);
-- Only planned lines carry holds, and they are few: no index of their own.
CREATE INDEX line_by_status ON projection.line (facility, generation, status, case_id, number);

-- The cases that cannot be derived as they stand, with all their positions; the nil case holds the
-- facility's own events that cannot be read.
CREATE TABLE projection.held (
  facility text COLLATE "C" NOT NULL,
  generation bigint NOT NULL,
  case_id uuid NOT NULL,
  positions bigint NOT NULL CHECK (positions > 0),
  -- The last of them.
  position bigint NOT NULL CHECK (position > 0),
  -- In a sentence, without what the events say.
  reason text COLLATE "C" NOT NULL,
  PRIMARY KEY (facility, generation, case_id)
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['checkpoint', 'rebuild', 'case', 'line', 'held'] LOOP
    EXECUTE format('ALTER TABLE projection.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY own_facility ON projection.%I TO cathlog_service
       USING (facility = current_setting(''cathlog.facility'', true))
       WITH CHECK (facility = current_setting(''cathlog.facility'', true))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON projection.%I TO cathlog_service', name);
  END LOOP;
END
$$;

-- Rows are written again with each event of their case.
ALTER TABLE projection.checkpoint SET (fillfactor = 10);
ALTER TABLE projection.case SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE projection.line SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
