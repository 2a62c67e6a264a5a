-- Where the two differ, either way round; no row where they agree.
SELECT 'the oracle alone' AS whose, o.* FROM (
  SELECT * FROM oracle.units EXCEPT SELECT * FROM oracle.derived) o
UNION ALL
SELECT 'the product alone', p.* FROM (
  SELECT * FROM oracle.derived EXCEPT SELECT * FROM oracle.units) p
ORDER BY case_id, policy, code, whose
LIMIT 20
