-- What the oracle reads and what it is compared with, and nothing else of the product.
CREATE SCHEMA oracle;

-- Rows of the log, in the log's own types.
CREATE TABLE oracle.stored AS
SELECT case_id, version, event_id, type, payload FROM log.event WITH NO DATA;

-- vessels.csv.
CREATE TABLE oracle.vessel (
  key text PRIMARY KEY, display text, territory text, kind text, paired text, parent text,
  uberon text, fma text, snomed text, source text
);

-- policies.json of the shipped rule book.
CREATE TABLE oracle.policies (document jsonb);

-- What the product derived: a row for each case, policy and counted code.
CREATE TABLE oracle.derived (case_id uuid, policy text, code text, units bigint);
