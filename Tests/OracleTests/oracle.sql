-- Counts imaged vessels out of the stored events, slowly and obviously, beside the product's code.
--
-- It follows design/coding-rules.md, "Counting", and shares nothing with Charges: it reads payloads
-- as JSON, follows amendments by a function that calls itself, and finds groups by walking from
-- vessel to vessel until nothing new is reached.

CREATE TABLE oracle.event AS
SELECT case_id, version, event_id, type, convert_from(payload, 'UTF8')::jsonb AS data
FROM oracle.stored;

-- Corrections and retractions, by the entry that they speak of.
CREATE TABLE oracle.amendment AS
SELECT event_id, version, type, (data ->> 'entry')::uuid AS entry, data -> 'data' AS said
FROM oracle.event WHERE type IN ('entry-corrected', 'entry-retracted');
CREATE INDEX ON oracle.amendment (entry);
ANALYZE oracle.amendment;

-- An entry is retracted when a retraction speaks of it that is not retracted itself.
CREATE FUNCTION oracle.is_retracted(id uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM oracle.amendment a
    WHERE a.entry = id AND a.type = 'entry-retracted' AND NOT oracle.is_retracted(a.event_id));
END $$;

-- What an entry says: its last correction that is not retracted, else what it said at first.
CREATE FUNCTION oracle.said(id uuid, at_first jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN coalesce(
    (SELECT a.said FROM oracle.amendment a
     WHERE a.entry = id AND a.type = 'entry-corrected' AND NOT oracle.is_retracted(a.event_id)
     ORDER BY a.version DESC LIMIT 1),
    at_first);
END $$;

CREATE TABLE oracle.standing AS
SELECT case_id, type, oracle.said(event_id, data) AS data
FROM oracle.event
WHERE type IN ('case-opened', 'case-cancelled', 'image-acquired', 'lesion-identified')
  AND NOT oracle.is_retracted(event_id);

-- Each vessel, and the outermost one to which it belongs.
CREATE VIEW oracle.belongs AS
WITH RECURSIVE up (key, whole) AS (
  SELECT key, key FROM oracle.vessel
  UNION
  SELECT up.key, v.parent FROM up JOIN oracle.vessel v ON v.key = up.whole WHERE v.parent IS NOT NULL
)
SELECT up.key, up.whole, v.territory, v.paired = 'yes' AS is_paired
FROM up JOIN oracle.vessel v ON v.key = up.whole WHERE v.parent IS NULL;

-- The vessels that were imaged in a way that counts, each once. A cancelled case has none.
CREATE TABLE oracle.imaged AS
SELECT DISTINCT s.case_id, b.territory, b.whole AS vessel,
  CASE WHEN b.is_paired THEN s.data ->> 'side' ELSE '' END AS side
FROM oracle.standing s JOIN oracle.belongs b ON b.key = s.data ->> 'vessel'
WHERE s.type = 'image-acquired'
  AND (s.data ->> 'modality' = 'IVUS'
    OR s.data ->> 'modality' = 'OCT' AND b.territory = 'coronary')
  AND NOT EXISTS (
    SELECT FROM oracle.standing c WHERE c.case_id = s.case_id AND c.type = 'case-cancelled');
CREATE INDEX ON oracle.imaged (case_id);
ANALYZE oracle.imaged;

CREATE VIEW oracle.policy AS
SELECT r ->> 'policy' AS policy
FROM oracle.policies, jsonb_array_elements(document -> 'policies' -> 'rows') r;

-- Two imaged vessels that are one: by a group of the policy, of one side, outside the heart …
CREATE TABLE oracle.tie AS
WITH member AS (
  SELECT r ->> 'policy' AS policy, r ->> 'group' AS name, jsonb_array_elements_text(r -> 'vessels') AS vessel
  FROM oracle.policies, jsonb_array_elements(document -> 'vesselGroups' -> 'rows') r
)
SELECT m.policy, a.case_id, a.territory, a.vessel, a.side, b.vessel AS to_vessel, b.side AS to_side
FROM oracle.imaged a
JOIN oracle.imaged b ON b.case_id = a.case_id AND b.territory = a.territory AND b.side = a.side
JOIN member m ON m.vessel = a.vessel
JOIN member n ON n.vessel = b.vessel AND n.policy = m.policy AND n.name = m.name
WHERE a.territory = 'noncoronary' AND a.vessel <> b.vessel;

-- … or by a lesion that lies in both; a lesion named in several entries lies in the vessels of all.
INSERT INTO oracle.tie
WITH part AS (
  SELECT DISTINCT s.case_id, s.data ->> 'lesion' AS lesion, b.whole AS vessel,
    CASE WHEN b.is_paired THEN v ->> 'side' ELSE '' END AS side
  FROM oracle.standing s, jsonb_array_elements(s.data -> 'vessels') v
  JOIN oracle.belongs b ON b.key = v ->> 'vessel'
  WHERE s.type = 'lesion-identified'
), joined AS (
  SELECT DISTINCT a.case_id, a.territory, a.vessel, a.side, b.vessel AS to_vessel, b.side AS to_side
  FROM oracle.imaged a
  JOIN oracle.imaged b ON b.case_id = a.case_id AND b.territory = a.territory
  JOIN part p ON p.case_id = a.case_id AND p.vessel = a.vessel AND p.side = a.side
  JOIN part q ON q.case_id = b.case_id AND q.vessel = b.vessel AND q.side = b.side
    AND q.lesion = p.lesion
  WHERE (a.vessel, a.side) <> (b.vessel, b.side)
)
SELECT policy, joined.* FROM oracle.policy, joined;
ANALYZE oracle.tie;

-- Whatever can be reached from a vessel is one with it; the group is called after the first of them.
CREATE TABLE oracle.grouped AS
WITH RECURSIVE reach AS (
  SELECT policy, case_id, territory, vessel, side, vessel AS to_vessel, side AS to_side
  FROM oracle.policy, oracle.imaged
  UNION
  SELECT r.policy, r.case_id, r.territory, r.vessel, r.side, t.to_vessel, t.to_side
  FROM reach r
  JOIN oracle.tie t ON t.policy = r.policy AND t.case_id = r.case_id
    AND t.territory = r.territory AND t.vessel = r.to_vessel AND t.side = r.to_side
)
SELECT policy, case_id, territory, vessel, side, min(to_vessel || '/' || to_side) AS name
FROM reach GROUP BY policy, case_id, territory, vessel, side;

-- A group counts unless each of its vessels yields to another that was imaged on its side.
CREATE TABLE oracle.counted AS
WITH yields AS (
  SELECT r ->> 'policy' AS policy, r ->> 'vessel' AS vessel,
    jsonb_array_elements_text(r -> 'others') AS other
  FROM oracle.policies, jsonb_array_elements(document -> 'policyYields' -> 'rows') r
)
SELECT policy, case_id, territory, count(DISTINCT name) AS vessels
FROM oracle.grouped g
WHERE NOT EXISTS (
  SELECT FROM yields y
  JOIN oracle.imaged o ON o.case_id = g.case_id AND o.side = g.side AND o.vessel = y.other
  WHERE y.policy = g.policy AND y.vessel = g.vessel)
GROUP BY policy, case_id, territory;

-- The first vessel earns one code, each further one the other; before 2016 two pairs at once.
CREATE VIEW oracle.units AS
WITH pair (territory, first, further, from_date, to_date) AS (
  VALUES ('noncoronary', '37252', '37253', date '2016-01-01', date 'infinity'),
    ('noncoronary', '37250', '37251', '-infinity', '2015-12-31'),
    ('noncoronary', '75945', '75946', '-infinity', '2015-12-31'),
    ('coronary', '92978', '92979', '-infinity', 'infinity')
), line AS (
  SELECT c.case_id, c.policy, c.vessels, p.*
  FROM oracle.counted c
  JOIN oracle.standing s ON s.case_id = c.case_id AND s.type = 'case-opened'
  JOIN pair p ON p.territory = c.territory
    AND (s.data ->> 'serviceDate')::date BETWEEN p.from_date AND p.to_date
)
SELECT case_id, policy, first AS code, least(1, vessels) AS units FROM line
UNION ALL
SELECT case_id, policy, further, vessels - 1 FROM line WHERE vessels > 1;
