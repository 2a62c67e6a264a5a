-- log.append again, with the same outcomes, in fewer and steadier statements: one that reads, one
-- that writes, one for the head. The prepared form of each is kept once the log has grown, so an
-- append is not planned anew: planning was two thirds of its cost. And one outcome is another: once
-- a request of a case is not taken, later ones of the call conflict whatever their version, since
-- they were decided on what it would have done.
SET LOCAL ROLE cathlog_owner;
GRANT CREATE ON SCHEMA log TO cathlog_writer;
SET LOCAL ROLE NONE;

DROP FUNCTION log.append;

-- Arrays of one element an event come back, in the order of the events. An outcome is NULL where
-- another event of the same request decided it.
CREATE FUNCTION log.append(
  p_facility text,
  -- One element a case of the batch.
  p_case_id uuid[], p_key_id uuid[], p_master_key bytea[], p_wrapped_key bytea[],
  -- One element a request: the place of its case above, the version it was decided on, its events.
  p_request_case integer[], p_request_version bigint[], p_request_events integer[],
  -- One element an event, request after request; first the place of its case.
  p_event_case integer[], p_event_id uuid[], p_type text[], p_form smallint[],
  p_occurred_at timestamptz[], p_time_qualifier text[], p_performer text[], p_reason bytea[],
  p_payload bytea[], p_digest bytea[], p_recorder text[], p_claimed_recorded_at timestamptz[],
  p_claimed_recorder text[], p_vessel text[], p_side text[], p_modality text[],
  p_images_stored boolean[], p_lesion text[], p_entry_id uuid[],
  OUT outcome text[], OUT event_position bigint[], OUT event_version bigint[],
  OUT event_recorded_at timestamptz[]
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  event_count CONSTANT integer := cardinality(p_event_id);
  last_position bigint;
  now_recorded timestamptz;
  is_same boolean[];
  case_version bigint[];
  case_key uuid[];
  -- The version of each case of the batch as it grows; NULL until one of its requests was looked at.
  case_now bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(p_case_id)]);
  -- Cases of which a request was not taken: later ones were decided on what it would have done.
  is_left boolean[] := array_fill(false, ARRAY[cardinality(p_case_id)]);
  new_position bigint[] := array_fill(NULL::bigint, ARRAY[event_count]);
  slot integer;
  first integer;
  last integer := 0;
  known_count integer;
  is_reused boolean;
  appended_count integer := 0;
  has_new_key boolean := false;
BEGIN
  IF current_setting('client_encoding') <> 'UTF8' THEN
    RAISE EXCEPTION 'an append needs client_encoding UTF8' USING ERRCODE = 'CL002';
  END IF;
  IF p_type[1] = 'facility-opened' THEN
    INSERT INTO log.head VALUES (p_facility, 0, '-infinity') ON CONFLICT DO NOTHING;
  END IF;

  -- Lock first, read afterwards, in statements of their own: what is read is then never older than
  -- the lock. The head moves as if every event were new, which nearly always is so; at the end it
  -- is set right where it is not.
  UPDATE log.head h
  SET position = h.position + event_count, recorded_at = greatest(clock_timestamp(), h.recorded_at)
  WHERE h.facility = p_facility
  RETURNING h.position - event_count, h.recorded_at INTO last_position, now_recorded;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no log of this facility' USING ERRCODE = 'CL001';
  END IF;

  -- To a planner all indexes of an empty table are alike, and a plan that is kept from then reads the
  -- whole log for each event. So no plan is kept while the log is small. And each look-up has a LIMIT:
  -- as a join, a planner that takes a table for small reads all of it once instead.
  IF last_position < 1000 THEN
    PERFORM set_config('plan_cache_mode', 'force_custom_plan', true);
  END IF;

  SELECT array_agg(k.position), array_agg(k.version), array_agg(k.recorded_at),
    array_agg(k.is_same), array_agg(k.case_version), array_agg(k.key_id)
  INTO event_position, event_version, event_recorded_at, is_same, case_version, case_key
  FROM (
    SELECT e.position, e.version, e.recorded_at,
      e.case_id = p_case_id[p_event_case[n]] AND e.digest = p_digest[n] AS is_same,
      coalesce(tip.version, 0) AS case_version, c.key_id
    FROM generate_series(1, event_count) n
    LEFT JOIN LATERAL (
      SELECT t.* FROM log.event t
      WHERE t.facility = p_facility AND t.event_id = p_event_id[n] LIMIT 1
    ) e ON true
    LEFT JOIN LATERAL (
      SELECT t.version FROM log.event t
      WHERE t.facility = p_facility AND t.case_id = p_case_id[p_event_case[n]]
      ORDER BY t.version DESC LIMIT 1
    ) tip ON true
    LEFT JOIN LATERAL (
      SELECT t.key_id FROM identity.case_key t
      WHERE t.facility = p_facility AND t.case_id = p_case_id[p_event_case[n]] LIMIT 1
    ) c ON true
    ORDER BY n
  ) k;

  outcome := array_fill(NULL::text, ARRAY[event_count]);
  FOR request IN 1 .. cardinality(p_request_case) LOOP
    slot := p_request_case[request];
    first := last + 1;
    last := last + p_request_events[request];
    known_count := 0;
    is_reused := false;
    FOR n IN first .. last LOOP
      IF event_position[n] IS NOT NULL THEN
        known_count := known_count + 1;
        is_reused := is_reused OR NOT is_same[n];
      END IF;
    END LOOP;
    IF case_now[slot] IS NULL THEN case_now[slot] := case_version[first]; END IF;

    IF case_key[first] <> p_key_id[slot] THEN
      -- Another key makes another digest, so nothing can be said of repeats yet.
      FOR n IN first .. last LOOP outcome[n] := 'key-conflict'; END LOOP;
    ELSIF is_reused THEN
      FOR n IN first .. last LOOP
        IF NOT is_same[n] THEN outcome[n] := 'event-id-reused'; END IF;
      END LOOP;
      is_left[slot] := true;
    ELSIF known_count < last - first + 1
      AND (is_left[slot] OR p_request_version[request] <> case_now[slot]) THEN
      FOR n IN first .. last LOOP
        outcome[n] := 'version-conflict';
        event_version[n] := case_now[slot];
      END LOOP;
      is_left[slot] := true;
    ELSE
      FOR n IN first .. last LOOP
        IF event_position[n] IS NOT NULL THEN
          outcome[n] := 'repeat';
        ELSE
          has_new_key := has_new_key OR case_key[first] IS NULL;
          appended_count := appended_count + 1;
          case_now[slot] := case_now[slot] + 1;
          new_position[n] := last_position + appended_count;
          event_position[n] := new_position[n];
          event_version[n] := case_now[slot];
          event_recorded_at[n] := now_recorded;
          outcome[n] := 'appended';
        END IF;
      END LOOP;
    END IF;
  END LOOP;
  IF last <> event_count OR cardinality(p_event_case) <> event_count THEN
    RAISE EXCEPTION 'requests name % events, and % are given', last, event_count
      USING ERRCODE = 'CL002';
  END IF;

  IF appended_count > 0 THEN
    INSERT INTO log.event
    SELECT stored.*, sha256('\x00'::bytea || record_send(stored))
    FROM (
      SELECT p_facility, new_position[n], p_case_id[p_event_case[n]], event_version[n],
        p_event_id[n], p_type[n], p_form[n], p_occurred_at[n], p_time_qualifier[n],
        p_performer[n], p_reason[n], p_payload[n], p_digest[n], now_recorded, p_recorder[n],
        p_claimed_recorded_at[n], p_claimed_recorder[n], p_vessel[n], p_side[n], p_modality[n],
        p_images_stored[n], p_lesion[n], p_entry_id[n]
      FROM generate_series(1, event_count) n
      WHERE new_position[n] IS NOT NULL
      OFFSET 0
    ) stored;
  END IF;
  IF has_new_key THEN
    INSERT INTO identity.case_key
    SELECT p_facility, p_case_id[c], p_key_id[c], p_master_key[c], p_wrapped_key[c]
    FROM generate_series(1, cardinality(p_case_id)) c
    WHERE case_now[c] > 0
    ON CONFLICT (facility, case_id) DO NOTHING;
  END IF;
  IF appended_count < event_count THEN
    UPDATE log.head h
    SET position = last_position + appended_count,
      recorded_at = CASE WHEN appended_count > 0 THEN now_recorded ELSE coalesce(
        (SELECT e.recorded_at FROM log.event e
         WHERE e.facility = p_facility AND e.position = last_position), '-infinity') END
    WHERE h.facility = p_facility;
  END IF;
END
$$;

ALTER FUNCTION log.append OWNER TO cathlog_writer;
REVOKE ALL ON FUNCTION log.append FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.append TO cathlog_service;

SET LOCAL ROLE cathlog_owner;
REVOKE CREATE ON SCHEMA log FROM cathlog_writer;

-- The name of the writer is looked at without a call of the function that refuses.
DROP TRIGGER written_by_functions ON log.event;
DROP TRIGGER written_by_functions ON log.head;
CREATE TRIGGER written_by_functions BEFORE INSERT ON log.event
  FOR EACH STATEMENT WHEN (current_user <> 'cathlog_writer')
  EXECUTE FUNCTION log.refuse_all_but_writer();
CREATE TRIGGER written_by_functions BEFORE INSERT OR UPDATE ON log.head
  FOR EACH STATEMENT WHEN (current_user <> 'cathlog_writer')
  EXECUTE FUNCTION log.refuse_all_but_writer();
ALTER TABLE log.event ENABLE ALWAYS TRIGGER written_by_functions;
ALTER TABLE log.head ENABLE ALWAYS TRIGGER written_by_functions;
