-- The one way into the record of access: several entries in one call.
CREATE FUNCTION access.append(
  p_facility text, p_person text[], p_token_id uuid[], p_action text[], p_case_id uuid[],
  p_origin text[]
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  INSERT INTO access.record
  SELECT p_facility, clock_timestamp(), gen_random_uuid(), n.person, n.token_id, n.action,
    n.case_id, n.origin
  FROM unnest(p_person, p_token_id, p_action, p_case_id, p_origin)
    AS n (person, token_id, action, case_id, origin);
END;

ALTER FUNCTION access.append OWNER TO cathlog_writer;
REVOKE ALL ON FUNCTION access.append FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.append TO cathlog_service;
