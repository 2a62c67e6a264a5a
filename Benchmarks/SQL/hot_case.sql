-- pgbench: the next version of one case under the lock of its row, and the event, in one transaction
-- and one round trip: the least that keeps a case's versions without a gap.
WITH head AS (
  UPDATE public.plain_case SET version = version + 1 WHERE case_id = {case} RETURNING version)
INSERT INTO log.event SELECT 'plain', nextval('public.plain_position'), {case}, head.version,
  gen_random_uuid(), {type}, {form}, {occurred_at}, NULL, NULL, NULL, {payload}, {digest}, now(),
  {recorder}, NULL, NULL, {vessel}, {side}, {modality}, {images_stored}, NULL, NULL, {leaf_hash}
FROM head;
