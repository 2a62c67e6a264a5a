-- Which logs there are: the one thing that is asked across facilities, and it tells their codes only.
CREATE FUNCTION log.facilities() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT facility FROM log.head ORDER BY facility;
END;

ALTER FUNCTION log.facilities OWNER TO cathlog_writer;
REVOKE ALL ON FUNCTION log.facilities FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.facilities TO cathlog_service;
