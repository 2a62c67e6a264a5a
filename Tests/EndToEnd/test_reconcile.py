"""The reconciliation of a simulated week, held against the lines and the ledger of the same database."""

import collections
import csv
import datetime
import glob
import io
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from harness import FACILITY, Client, run, service, token

FROM, TO = "2026-03-02", "2026-03-08"
REASONS = ["not-posted", "held", "not-signed", "derivation-failed", "not-projected",
           "excluded-by-edits", "nothing-to-charge", "cancelled", "withheld"]


def cases_of(path):
    """What each line of a file of simulated events says of its case: opened on which date."""
    dates = {}
    for line in path.read_text().splitlines():
        event = json.loads(line)
        if event["type"] == "case-opened":
            dates[event["case"]] = event["data"]["serviceDate"]
    return dates


class Reconcile(unittest.TestCase):
    maxDiff = None

    def test_a_simulated_week(self):
        with service() as running, tempfile.TemporaryDirectory() as files:
            path = running.folder
            events = pathlib.Path(files) / "weeks.ndjson"
            run("simulate", "--cases", 90, "--seed", 11, "--from", "2026-02-26", "--output", events)
            run("import", events, "--post", "--facility", FACILITY, "--data-dir", path)
            week = {case for case, date in cases_of(events).items() if FROM <= date <= TO}
            self.assertGreater(len(week), 20)

            def reconcile(*arguments, **others):
                return run("reconcile", *arguments, "--facility", FACILITY, "--data-dir", path, **others)

            dates = ["--from", FROM, "--to", TO]
            report = json.loads(reconcile(*dates, "--format", "json", "--limit", 1000).stdout)
            with self.subTest("every case is there once, and the lines are charged to the unit"):
                self.check_balance(path, report, week)
            with self.subTest("holds are those of the lines"):
                self.check_holds(path, report, cases_of(events))
            with self.subTest("the CSV says the same"):
                self.check_facts(reconcile(*dates, "--format", "csv").stdout, report)
            with self.subTest("for a person"):
                text = reconcile(*dates).stdout.decode()
                self.assertIn(f"Reconciliation of {FACILITY}, dates of service {FROM} to {TO}\n", text)
                self.assertIn("\nIt balances.\n", text)
                self.assertNotRegex(text, r"\bpt-")
                self.assertEqual(re.findall(r"(?m)^(\d)\. ", text), list("123456"))
            with self.subTest("over HTTP"):
                client = Client(running.port, token(path, "billing", person="bi-31"))
                address = f"/v1/reconciliation?from={FROM}&to={TO}&limit=1000"
                status, body, _ = client.call("GET", address)
                self.assertEqual(status, 200)
                self.assertEqual({**body, "asOf": None}, {**report, "asOf": None})
                status, body, headers = client.call("GET", address, headers={"Accept": "text/csv"})
                self.assertEqual(status, 200)
                self.assertTrue(headers["Content-Type"].startswith("text/csv"))
                self.assertEqual(len(list(csv.reader(io.StringIO(body.decode(), newline="")))[0]), 13)
            with self.subTest("what is not asked for"):
                for arguments, sentence in [
                    (["--from", TO, "--to", FROM], b"--to lies before --from"),
                    (["--from", "2020-01-01", "--to", "2026-01-01"], b"at most 366 days"),
                    (["--limit", "1001"], b"--limit goes from 0 to 1000"),
                ]:
                    refused = reconcile(*arguments, check=False)
                    self.assertEqual(refused.returncode, 64)
                    self.assertIn(sentence, refused.stderr)
                    self.assertEqual(refused.stdout, b"")
            with self.subTest("what is at fault is said first, and by the status"):
                self.check_faults(path, lambda: reconcile(*dates, check=False))
            with self.subTest("the day before today has no case"):
                empty = json.loads(reconcile("--format", "json").stdout)
                self.assertEqual(empty["balance"]["cases"], 0)
                today = datetime.date.fromisoformat(empty["today"])
                self.assertEqual(empty["from"], str(today - datetime.timedelta(days=1)))

    def check_faults(self, path, reconcile):
        for damage, repair, status, code, sentence in [
            ("UPDATE projection.line SET units = units + 1 WHERE status = 'billable'",
             "UPDATE projection.line SET units = units - 1 WHERE status = 'billable'",
             70, b"cathlog: not-balanced: ", b"IT DOES NOT BALANCE."),
            ("SET ROLE cathlog_writer; UPDATE ledger.head SET position = position - 1",
             "SET ROLE cathlog_writer; UPDATE ledger.head SET position = position + 1",
             75, b"cathlog: not-settled: ", b"It cannot be balanced yet: "),
        ]:
            self.psql(path, damage)
            told = reconcile()
            self.assertEqual(told.returncode, status)
            self.assertTrue(told.stdout.splitlines()[2].startswith(sentence))
            self.assertTrue(told.stderr.startswith(code))
            self.psql(path, repair)
            self.assertEqual(reconcile().returncode, 0)

    @staticmethod
    def psql(path, statements):
        """Does to the service's database what no service does."""
        program = sorted(glob.glob("/usr/lib/postgresql/*/bin/psql"))[-1]
        password = pathlib.Path(path, "password").read_text().strip()
        subprocess.run(
            [program, f"host={path}/socket port=5432 user=postgres dbname=cathlog", "-qX",
             "-v", "ON_ERROR_STOP=1", "-c", statements],
            check=True, capture_output=True, timeout=60, env={**os.environ, "PGPASSWORD": password})

    def lines(self, path):
        output = run("line-items", "--format", "json", "--facility", FACILITY, "--data-dir", path)
        return [json.loads(line) for line in output.stdout.splitlines()]

    def check_balance(self, path, report, week):
        billable, charged = collections.Counter(), set()
        for item in self.lines(path):
            if item["case"] in week and item["line"]["status"] == "billable":
                billable[item["line"]["code"]] += item["line"]["units"]
                charged.add(item["case"])
        balance = report["balance"]
        self.assertEqual(balance["verdict"], "balanced")
        self.assertEqual(balance["cases"], len(week))
        self.assertEqual(balance["chargedCases"], len(charged))
        self.assertEqual(balance["ledgerUnits"], sum(billable.values()))
        self.assertEqual(
            {row["code"]: row["netUnits"] for row in report["codes"] if row["netUnits"]}, dict(billable))
        self.assertEqual([group["reason"] for group in report["uncharged"]], REASONS)
        uncharged = [case["case"] for group in report["uncharged"] for case in group["cases"]]
        self.assertEqual(sorted(uncharged), sorted(week - charged))
        self.assertEqual(report["differing"], {"count": 0, "charges": [], "leftOut": 0})
        self.assertEqual(report["lag"]["cases"], sum(row["cases"] for row in report["lag"]["histogram"]))

    def check_holds(self, path, report, dates):
        lines, units, cases = collections.Counter(), collections.Counter(), collections.defaultdict(set)
        for item in self.lines(path):
            if dates[item["case"]] > TO:
                continue
            for hold in item["line"]["holds"]:
                lines[hold["code"]] += 1
                units[hold["code"]] += item["line"]["units"]
                cases[hold["code"]].add(item["case"])
        self.assertGreater(len(lines), 2)
        for held in report["holds"]:
            hold = held["hold"]
            self.assertEqual(
                (held["lines"], held["units"], held["cases"]),
                (lines[hold], units[hold], len(cases[hold])))
            self.assertEqual(held["cases"], sum(age["cases"] for age in held["ages"]))
            self.assertEqual(held["oldest"]["serviceDate"], min(dates[case] for case in cases[hold]))
        self.assertEqual({held["hold"] for held in report["holds"]}, set(lines))

    def check_facts(self, text, report):
        # RFC 4180: CRLF at every end, and as many cells in every row.
        self.assertEqual(text.count(b"\n"), text.count(b"\r\n"))
        facts = list(csv.DictReader(io.StringIO(text.decode(), newline=""), strict=True))
        self.assertTrue(all(None not in fact and None not in fact.values() for fact in facts))
        values = {(fact["section"], fact["item"], fact["key"]): fact["value"] for fact in facts}
        self.assertEqual(values["balance", "", "verdict"], "balanced")
        self.assertEqual(values["balance", "units", "ledger"], str(report["balance"]["ledgerUnits"]))
        for row in report["codes"]:
            self.assertEqual(values["units", row["code"], "net"], str(row["netUnits"]))
        for group in report["uncharged"]:
            self.assertEqual(values["uncharged", group["reason"], "cases"], str(group["count"]))
        for held in report["holds"]:
            for age in held["ages"]:
                self.assertEqual(
                    values["holds", held["hold"], f"cases-{age['days']}"], str(age["cases"]))


if __name__ == "__main__":
    unittest.main()
