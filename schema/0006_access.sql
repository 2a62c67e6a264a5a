-- Who may come in, and who looked at what.
SET LOCAL ROLE cathlog_owner;

CREATE TABLE access.token (
  facility text COLLATE "C" NOT NULL,
  token_id uuid NOT NULL,
  -- SHA-256 of the secret, which is 32 random bytes: nothing to guess, so nothing to slow down.
  secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
  person text COLLATE "C" NOT NULL,
  roles text[] NOT NULL CHECK (cardinality(roles) > 0),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (facility, token_id)
);
GRANT SELECT, INSERT, UPDATE (revoked_at) ON access.token TO cathlog_service;

-- One row a read of a case, an export or a refused attempt. No patient's name, no content.
CREATE TABLE access.record (
  facility text COLLATE "C" NOT NULL,
  recorded_at timestamptz NOT NULL,
  record_id uuid NOT NULL,
  person text COLLATE "C" NOT NULL,
  token_id uuid,
  -- What was asked, such as `case-read`, `replay`, `export`, `refused`.
  action text COLLATE "C" NOT NULL,
  case_id uuid,
  -- The address from which it was asked.
  origin text COLLATE "C",
  PRIMARY KEY (facility, recorded_at, record_id)
);
CREATE INDEX record_by_case ON access.record (facility, case_id, recorded_at);
GRANT SELECT ON access.record TO cathlog_service;
GRANT INSERT ON access.record TO cathlog_writer;

CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON access.record
  FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
CREATE TRIGGER written_by_functions BEFORE INSERT ON access.record
  FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_all_but_writer();
ALTER TABLE access.record ENABLE ALWAYS TRIGGER only_grows;
ALTER TABLE access.record ENABLE ALWAYS TRIGGER written_by_functions;
