-- psql: grows a log within the server by rows as real as those of log.append, leaf hash and all:
-- whole cases of 50 events. Run as cathlog_writer, in pieces of :count events after the head.
BEGIN;
INSERT INTO log.event
SELECT stored.*, sha256('\x00'::bytea || record_send(stored))
FROM (SELECT position FROM log.head WHERE facility = :'facility' FOR UPDATE) head
CROSS JOIN generate_series(1, :count) AS step
CROSS JOIN LATERAL (
  SELECT :'facility'::text COLLATE "C", head.position + step,
    md5('grown.' || (head.position + step - 1) / 50)::uuid, (head.position + step - 1) % 50 + 1,
    gen_random_uuid(), {type}::text COLLATE "C", {form}::smallint,
    {occurred_at}::timestamptz, NULL::text COLLATE "C", NULL::text COLLATE "C", NULL::bytea,
    {payload}::bytea, {digest}::bytea, transaction_timestamp(), {recorder}::text COLLATE "C",
    NULL::timestamptz, NULL::text COLLATE "C", {vessel}::text COLLATE "C",
    {side}::text COLLATE "C", {modality}::text COLLATE "C", {images_stored}::boolean,
    NULL::text COLLATE "C", NULL::uuid
  OFFSET 0
) stored;
UPDATE log.head SET position = position + :count, recorded_at = transaction_timestamp()
WHERE facility = :'facility';
COMMIT;
