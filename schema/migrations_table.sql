-- What has been applied, and how a statement knows that a migration runs: by the lock that the
-- session holds (67 × 2^32 + 1; 67 is C).
CREATE SCHEMA IF NOT EXISTS migration;
CREATE TABLE IF NOT EXISTS migration.applied (
  number integer PRIMARY KEY,
  name text NOT NULL,
  checksum bytea NOT NULL CHECK (octet_length(checksum) = 32),
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT USAGE ON SCHEMA migration TO PUBLIC;
GRANT SELECT ON migration.applied TO PUBLIC;

CREATE OR REPLACE FUNCTION migration.is_under_way() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND classid = 67 AND objid = 1 AND objsubid = 1
  )
$$;
