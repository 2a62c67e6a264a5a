-- The one way into the log: several requests of one facility in one call, each of which stands or
-- falls by itself. A request is one or more events of one case, all or none.
--
-- An event's outcome is `appended`, `repeat` (it is in the log already: its first position, version
-- and time), `event-id-reused`, `version-conflict` (with the case's version) or `key-conflict` (the
-- case has another key: take that and seal again). The order is the contract's: a repeat is a repeat
-- whatever happened since.
CREATE FUNCTION log.append(
  p_facility text,
  -- One element a case of the batch.
  p_case_id uuid[], p_key_id uuid[], p_master_key bytea[], p_wrapped_key bytea[],
  -- One element a request: the place of its case above, the version it was decided on, its events.
  p_request_case integer[], p_request_version bigint[], p_request_events integer[],
  -- One element an event, request after request.
  p_event_id uuid[], p_type text[], p_form smallint[], p_occurred_at timestamptz[],
  p_time_qualifier text[], p_performer text[], p_reason bytea[], p_payload bytea[],
  p_digest bytea[], p_recorder text[], p_claimed_recorded_at timestamptz[],
  p_claimed_recorder text[], p_vessel text[], p_side text[], p_modality text[],
  p_images_stored boolean[], p_lesion text[], p_entry_id uuid[]
) RETURNS TABLE (
  outcome text, event_position bigint, event_version bigint, event_recorded_at timestamptz
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = auto
AS $$
DECLARE
  request_count CONSTANT integer := cardinality(p_request_case);
  event_count CONSTANT integer := cardinality(p_event_id);
  last_position bigint;
  now_recorded timestamptz;
  case_version bigint[];
  case_key_differs boolean[];
  case_is_keyed boolean[];
  event_slot integer[] := array_fill(0, ARRAY[event_count]);
  known_position bigint[];
  known_version bigint[];
  known_recorded_at timestamptz[];
  known_same boolean[];
  new_position bigint[] := array_fill(NULL::bigint, ARRAY[event_count]);
  new_version bigint[] := array_fill(NULL::bigint, ARRAY[event_count]);
  event_outcome text[] := array_fill(NULL::text, ARRAY[event_count]);
  slot integer;
  first integer;
  last integer := 0;
  known_count integer;
  is_reused boolean;
  appended_count integer := 0;
BEGIN
  IF current_setting('client_encoding') <> 'UTF8' THEN
    RAISE EXCEPTION 'an append needs client_encoding UTF8' USING ERRCODE = 'CL002';
  END IF;

  -- Lock first, read afterwards, in statements of their own: what is read is then never older than
  -- the lock.
  SELECT h.position, h.recorded_at INTO last_position, now_recorded
  FROM log.head h WHERE h.facility = p_facility FOR UPDATE;
  IF NOT FOUND THEN
    IF p_type[1] IS DISTINCT FROM 'facility-opened' THEN
      RAISE EXCEPTION 'there is no log of this facility' USING ERRCODE = 'CL001';
    END IF;
    INSERT INTO log.head VALUES (p_facility, 0, '-infinity') ON CONFLICT DO NOTHING;
    SELECT h.position, h.recorded_at INTO last_position, now_recorded
    FROM log.head h WHERE h.facility = p_facility FOR UPDATE;
  END IF;
  now_recorded := greatest(clock_timestamp(), now_recorded);
  -- To a planner all indexes of an empty table are alike, and a plan that is kept from then reads the
  -- whole log for each event. So no plan of a look-up is kept while the log is small.
  IF last_position < 1000 THEN
    SET LOCAL plan_cache_mode = force_custom_plan;
  END IF;

  FOR request IN 1 .. request_count LOOP
    FOR n IN 1 .. p_request_events[request] LOOP
      last := last + 1;
      event_slot[last] := p_request_case[request];
    END LOOP;
  END LOOP;
  IF last <> event_count THEN
    RAISE EXCEPTION 'requests name % events, and % are given', last, event_count
      USING ERRCODE = 'CL002';
  END IF;

  SELECT array_agg(coalesce(e.version, 0) ORDER BY c.place),
    array_agg(coalesce(k.key_id <> c.key_id, false) ORDER BY c.place),
    array_agg(k.key_id IS NOT NULL ORDER BY c.place)
  INTO case_version, case_key_differs, case_is_keyed
  FROM unnest(p_case_id, p_key_id) WITH ORDINALITY c (case_id, key_id, place)
  LEFT JOIN identity.case_key k ON k.facility = p_facility AND k.case_id = c.case_id
  LEFT JOIN LATERAL (
    SELECT e.version FROM log.event e
    WHERE e.facility = p_facility AND e.case_id = c.case_id
    ORDER BY e.version DESC LIMIT 1
  ) e ON true;

  SELECT array_agg(e.position ORDER BY n.place), array_agg(e.version ORDER BY n.place),
    array_agg(e.recorded_at ORDER BY n.place),
    array_agg(e.case_id = p_case_id[n.slot] AND e.digest = n.digest ORDER BY n.place)
  INTO known_position, known_version, known_recorded_at, known_same
  FROM unnest(p_event_id, event_slot, p_digest) WITH ORDINALITY n (event_id, slot, digest, place)
  LEFT JOIN log.event e ON e.facility = p_facility AND e.event_id = n.event_id;
  SET LOCAL plan_cache_mode = auto;

  last := 0;
  FOR request IN 1 .. request_count LOOP
    slot := p_request_case[request];
    first := last + 1;
    last := last + p_request_events[request];
    known_count := 0;
    is_reused := false;
    FOR n IN first .. last LOOP
      IF known_position[n] IS NOT NULL THEN
        known_count := known_count + 1;
        is_reused := is_reused OR NOT known_same[n];
      END IF;
    END LOOP;

    IF case_key_differs[slot] THEN
      -- Another key makes another digest, so nothing can be said of repeats yet.
      FOR n IN first .. last LOOP event_outcome[n] := 'key-conflict'; END LOOP;
    ELSIF is_reused THEN
      FOR n IN first .. last LOOP
        IF NOT known_same[n] THEN event_outcome[n] := 'event-id-reused'; END IF;
      END LOOP;
    ELSIF known_count < last - first + 1 AND p_request_version[request] <> case_version[slot] THEN
      FOR n IN first .. last LOOP
        event_outcome[n] := 'version-conflict';
        new_version[n] := case_version[slot];
      END LOOP;
    ELSE
      FOR n IN first .. last LOOP
        IF known_position[n] IS NOT NULL THEN
          event_outcome[n] := 'repeat';
        ELSE
          last_position := last_position + 1;
          case_version[slot] := case_version[slot] + 1;
          new_position[n] := last_position;
          new_version[n] := case_version[slot];
          event_outcome[n] := 'appended';
          appended_count := appended_count + 1;
        END IF;
      END LOOP;
    END IF;
  END LOOP;

  IF appended_count > 0 THEN
    INSERT INTO log.event
    SELECT stored.*, sha256('\x00'::bytea || record_send(stored))
    FROM unnest(
      new_position, new_version, event_slot, p_event_id, p_type, p_form, p_occurred_at,
      p_time_qualifier, p_performer, p_reason, p_payload, p_digest, p_recorder,
      p_claimed_recorded_at, p_claimed_recorder, p_vessel, p_side, p_modality, p_images_stored,
      p_lesion, p_entry_id
    ) AS n (
      position, version, slot, event_id, type, form, occurred_at, time_qualifier, performer,
      reason, payload, digest, recorder, claimed_recorded_at, claimed_recorder, vessel, side,
      modality, images_stored, lesion, entry_id
    )
    CROSS JOIN LATERAL (
      SELECT p_facility, n.position, p_case_id[n.slot], n.version, n.event_id, n.type, n.form,
        n.occurred_at, n.time_qualifier, n.performer, n.reason, n.payload, n.digest,
        now_recorded, n.recorder, n.claimed_recorded_at, n.claimed_recorder, n.vessel, n.side,
        n.modality, n.images_stored, n.lesion, n.entry_id
      OFFSET 0
    ) stored
    WHERE n.position IS NOT NULL;

    INSERT INTO identity.case_key
    SELECT p_facility, c.case_id, c.key_id, c.master_key, c.wrapped
    FROM unnest(p_case_id, p_key_id, p_master_key, p_wrapped_key, case_is_keyed, case_version)
      AS c (case_id, key_id, master_key, wrapped, is_keyed, version)
    WHERE NOT c.is_keyed AND c.version > 0;

    UPDATE log.head h SET position = last_position, recorded_at = now_recorded
    WHERE h.facility = p_facility;
  END IF;

  RETURN QUERY
  SELECT n.outcome, coalesce(n.known_position, n.new_position),
    coalesce(n.known_version, n.new_version),
    coalesce(n.known_recorded_at, CASE WHEN n.new_position IS NOT NULL THEN now_recorded END)
  FROM unnest(
    event_outcome, known_position, known_version, known_recorded_at, new_position, new_version
  ) WITH ORDINALITY AS n (
    outcome, known_position, known_version, known_recorded_at, new_position, new_version, place
  )
  ORDER BY n.place;
END
$$;

ALTER FUNCTION log.append OWNER TO cathlog_writer;
REVOKE ALL ON FUNCTION log.append FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.append TO cathlog_service;
