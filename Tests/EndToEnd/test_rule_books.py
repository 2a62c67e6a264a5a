"""`cathlog rule-book`: the shipped book, a site's own, and broken ones, each refused with its lines."""

import json
import pathlib
import re
import tempfile
import unittest

from harness import CASES, ROOT, run

BOOKS = CASES / "rule-books"
BROKEN = sorted((BOOKS / "broken").glob("*.json"))
SITE = BOOKS / "st-mary.json"
PAGE = ROOT / "Sources" / "Command" / "Cathlog.docc" / "Users" / "RuleBooks.md"


class RuleBooks(unittest.TestCase):
    def test_broken_books_are_refused_with_every_line(self):
        self.assertGreaterEqual(len(BROKEN), 10)
        for path in BROKEN:
            with self.subTest(book=path.stem):
                output = run("rule-book", "validate", path, check=False)
                expected = path.with_suffix(".expected.txt").read_text().splitlines()
                self.assertEqual(output.returncode, 65)
                self.assertEqual(output.stdout, b"")
                self.assertEqual(
                    output.stderr.decode().splitlines(), [f"{path}:{line}" for line in expected])

    def test_a_good_book_is_described(self):
        text = run("rule-book", "validate", SITE).stdout.decode()
        self.assertTrue(text.startswith("Rule book st-mary-2026.1, which extends 2026.1\nsha256:"))
        self.assertIn("No holes between dates.", text)
        document = json.loads(run("rule-book", "validate", SITE, "--format", "json").stdout)
        self.assertEqual(document["ruleBook"], "st-mary-2026.1")
        self.assertEqual(document["extends"], "2026.1")
        self.assertEqual(document["rows"]["payers"], 8)
        self.assertEqual(document["holes"], [])

    def test_a_hole_is_reported_and_accepted(self):
        book = {"ruleBook": "site-1", "extends": "2026.1", "tables": {"codes": {
            "source": "a test", "rows": [
                {"code": "75710", "from": None, "to": "2025-12-31"},
                {"code": "75710", "from": "2026-02-01", "to": None}]}}}
        output = run("rule-book", "validate", "-", data=json.dumps(book).encode())
        self.assertIn("codes: 75710 has no row for 2026-01-01 to 2026-01-31.",
                      output.stdout.decode())

    def test_what_is_shown_is_read_back_with_the_same_digest(self):
        for name in ("2026.1", SITE):
            with self.subTest(book=name), tempfile.TemporaryDirectory() as folder:
                shown = pathlib.Path(folder) / "book.json"
                shown.write_bytes(run("rule-book", "show", name, "--format", "json").stdout)
                before = run("rule-book", "validate", shown, "--format", "json").stdout
                kept = json.loads(before)["digest"]
                listed = run("rule-book", "diff", name, shown, "--format", "json").stdout
                self.assertEqual(listed, b"")
                if name == "2026.1":
                    books = run("rule-book", "list", "--format", "json").stdout.splitlines()
                    self.assertEqual([json.loads(book)["digest"] for book in books], [kept])
                    self.assertIn(kept.encode(), run("rule-book", "show", kept).stdout)

    def test_tables_are_shown_by_row(self):
        table = run("rule-book", "show", SITE, "--table", "payers").stdout.decode().splitlines()
        self.assertEqual(table[0].split()[:4], ["PAYER", "ALIASES", "POLICY", "FROM"])
        self.assertEqual(len(table), 9)
        document = json.loads(
            run("rule-book", "show", "2026.1", "--table", "holds", "--format", "json").stdout)
        self.assertEqual(len(document["rows"]), 8)
        unknown = run("rule-book", "show", "2026.1", "--table", "limits", check=False)
        self.assertEqual((unknown.returncode, unknown.stdout), (65, b""))
        self.assertIn(b"medicallyUnlikelyEdits", unknown.stderr)

    def test_two_books_are_compared_row_by_row(self):
        changes = [json.loads(line) for line in
                   run("rule-book", "diff", "2026.1", SITE, "--format", "json").stdout.splitlines()]
        self.assertEqual(len(changes), 13)
        self.assertEqual({change["change"] for change in changes}, {"added", "changed"})
        text = run("rule-book", "diff", SITE, "2026.1").stdout.decode()
        self.assertTrue(text.startswith("From st-mary-2026.1 to 2026.1: 13 rows differ.\n"))
        self.assertIn("- st-mary iliac-arteries: ", text)
        same = run("rule-book", "diff", SITE, SITE).stdout.decode()
        self.assertEqual(
            same, "From st-mary-2026.1 to st-mary-2026.1: the tables are the same.\n")

    def test_a_book_that_is_not_there(self):
        unknown = run("rule-book", "show", "1999.1", check=False)
        self.assertEqual((unknown.returncode, unknown.stdout), (65, b""))
        self.assertIn(b"there is 2026.1", unknown.stderr)
        missing = run("rule-book", "validate", "/nowhere/at/all.json", check=False)
        self.assertEqual((missing.returncode, missing.stdout), (66, b""))

    def test_a_case_is_derived_under_a_file(self):
        case = CASES / "lesion-across-iliac-arteries.ndjson"
        listed = json.loads(run("rule-book", "validate", SITE, "--format", "json").stdout)
        derived = json.loads(run("derive", case, "--rule-book", SITE, "--policy", "st-mary").stdout)
        self.assertEqual(derived["ruleBook"], "st-mary-2026.1")
        self.assertEqual(derived["ruleBookDigest"], listed["digest"])
        self.assertEqual(derived["groupingPolicy"], "st-mary")
        refused = run("derive", case, "--rule-book", BROKEN[0], check=False)
        self.assertEqual((refused.returncode, refused.stdout), (65, b""))
        self.assertTrue(refused.stderr.decode().startswith(f"{BROKEN[0]}:"))
        unknown = run("derive", case, "--policy", "st-mary", check=False)
        self.assertEqual(unknown.returncode, 65)
        both = run("derive", "-", "--rule-book", "-", data=b"", check=False)
        self.assertEqual(both.returncode, 64)

    def test_the_book_chooses_the_policy_by_payer_and_date(self):
        events = [json.loads(line) for line in
                  (CASES / "seven-veins.ndjson").read_text().splitlines()]
        for date, policy in (("2026-06-30", "named-vessel"), ("2026-07-01", "st-mary")):
            with self.subTest(date=date):
                events[0]["data"].update(payer="prairie-health", serviceDate=date)
                lines = "".join(json.dumps(event) + "\n" for event in events)
                output = run("derive", "-", "--rule-book", SITE, data=lines.encode())
                self.assertEqual(json.loads(output.stdout)["groupingPolicy"], policy)

    def test_the_page_has_the_site_book_and_every_field_of_every_table(self):
        page = PAGE.read_text()
        self.assertIn(f"```json\n{SITE.read_text()}```", page)
        described = {}
        for name, fields, dated in re.findall(r"^\| `(\w+)` \| (\S.*?) \| (\w*) \|$", page, re.M):
            described[name] = set(re.findall(r"`(\w+)`", fields))
            described[name] |= {"from", "to"} if dated == "dated" else set()
        tables = json.loads(run("rule-book", "show", "2026.1", "--format", "json").stdout)["tables"]
        common = {"source", "assumed", "note"}
        self.assertEqual(
            described, {name: set().union(*table["rows"]) - common
                        for name, table in tables.items()})
        expected = (BOOKS / "broken" / "many-faults.expected.txt").read_text().splitlines()
        shown = re.findall(r"^many-faults\.json:(.*)$", page, re.M)
        self.assertGreater(len(shown), 3)
        self.assertLessEqual(set(shown), set(expected))


if __name__ == "__main__":
    unittest.main()
