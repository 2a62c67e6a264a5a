-- pgbench: one row a transaction into the table of the log, as big and as spread over cases as the
-- rows of the appender. Its position comes from a sequence; nothing is checked, hashed or locked.
-- The literals between braces are those of a row that the appender stored.
\set number :number + 1
\set case_number :client_id * 10000000 + (:number - 1) / 50
\set version (:number - 1) % 50 + 1
INSERT INTO log.event VALUES ('plain', nextval('public.plain_position'),
  md5(:run || '.' || :case_number)::uuid, :version, gen_random_uuid(), {type}, {form},
  {occurred_at}, NULL, NULL, NULL, {payload}, {digest}, now(), {recorder}, NULL, NULL, {vessel},
  {side}, {modality}, {images_stored}, NULL, NULL, {leaf_hash});
