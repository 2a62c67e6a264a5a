-- The login that `cathlog serve` has on a PostgreSQL of the site's: it may do what the role
-- cathlog_service may, and nothing else. Run once, by a superuser, before or after `cathlog migrate`:
--
--   psql --set password="$(openssl rand -hex 32)" --file script/service-login.sql …
--
-- docker-compose.yml runs it at the first start, where the password is a secret's file.
\set ON_ERROR_STOP on
\if :{?password}
\else
  \set password `cat /run/secrets/service_password`
\endif

BEGIN;
SELECT set_config('cathlog.password', :'password', true) \g /dev/null
DO $$
BEGIN
  IF current_setting('cathlog.password') = '' THEN
    RAISE EXCEPTION 'the password is empty';
  END IF;
  -- Of a server whose other database holds a Cathlog, too.
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cathlog_service') THEN
    CREATE ROLE cathlog_service NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cathlog') THEN
    CREATE ROLE cathlog LOGIN NOINHERIT;
  END IF;
  EXECUTE format('ALTER ROLE cathlog PASSWORD %L', current_setting('cathlog.password'));
END
$$;
GRANT cathlog_service TO cathlog;
COMMIT;
