-- Three roles, none of which can log in. The owner holds the tables and writes nothing into the log;
-- the writer owns the functions that append; the service calls those functions and reads.
DO $$
DECLARE
  role_name text;
BEGIN
  IF current_setting('server_encoding') <> 'UTF8' THEN
    RAISE EXCEPTION 'the database is encoded in %, and the log needs UTF8',
      current_setting('server_encoding');
  END IF;
  FOREACH role_name IN ARRAY ARRAY['cathlog_owner', 'cathlog_writer', 'cathlog_service'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
    EXCEPTION
      -- Roles belong to the whole server: another database may have made them, even just now.
      WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    EXECUTE format('GRANT %I TO CURRENT_USER', role_name);
  END LOOP;
END
$$;

CREATE SCHEMA log AUTHORIZATION cathlog_owner;
CREATE SCHEMA identity AUTHORIZATION cathlog_owner;
CREATE SCHEMA access AUTHORIZATION cathlog_owner;
CREATE SCHEMA projection AUTHORIZATION cathlog_owner;

-- CREATE, because who gives a function to the writer needs it; 0009 takes it back.
GRANT USAGE, CREATE ON SCHEMA log, identity, access TO cathlog_writer;
GRANT USAGE ON SCHEMA log, identity, access, projection TO cathlog_service;
