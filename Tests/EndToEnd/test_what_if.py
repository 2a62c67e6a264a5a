"""History under other rules, as `what-if` tells it, against what `derive` makes of the same files."""

import collections
import json
import unittest

from harness import CASES, FACILITY, run, service


def totals(documents):
    """Units by code and status."""
    units = collections.Counter()
    for document in documents:
        for line in document["lines"]:
            units[line["code"], line["status"]] += line["units"]
    return units


class WhatIf(unittest.TestCase):
    def test_a_policy_and_a_correction_before_they_are_made(self):
        files = sorted(CASES.glob("*.ndjson"))
        with service() as running:
            path = running.folder
            run("import", *files, "--facility", FACILITY, "--data-dir", path)
            end = len(run("export", "--facility", FACILITY, "--data-dir", path).stdout.splitlines())

            def ask(*arguments, **others):
                return run("what-if", *arguments, "--facility", FACILITY, "--data-dir", path, **others)

            def derived(*arguments):
                return [json.loads(line) for line in
                        run("derive", *files, *arguments).stdout.splitlines()]

            before, after = derived(), derived("--policy", "sir")
            with self.subTest("another policy: what derive makes of the same files"):
                *changed, summary = [
                    json.loads(line) for line in
                    ask("--policy", "sir", "--cases", "--format", "json").stdout.splitlines()]
                self.assertEqual(summary["cases"], len(before))
                self.assertEqual(summary["changed"], len(changed))
                for moment, documents in [("before", before), ("after", after)]:
                    told = {(row["code"], row["status"]): row[moment]["units"]
                            for row in summary["codes"] if row[moment]["units"]}
                    self.assertEqual(told, dict(totals(documents)))
                expected = [was["case"] for was, would in zip(before, after)
                            if totals([was]) != totals([would])]
                self.assertEqual([case["case"] for case in changed], sorted(expected))
                self.assertGreater(len(changed), 1)

            with self.subTest("for a person"):
                shown = ask("--policy", "sir", "--from", "2022-01-01", "--cases").stdout.decode()
                self.assertRegex(shown, r"(?m)^CODE +STATUS +CASES +BEFORE +AFTER +UNITS")
                self.assertIn("cases differ.", shown)

            with self.subTest("a correction"):
                case = next(document for document in before
                            if document["lines"] and document["lines"][0]["code"] == "37252"
                            and document["lines"][0]["status"] == "billable")
                entry = case["lines"][0]["counted"][0]["entries"][0]
                event = {"id": "5afe0000-0000-4000-8000-000000000001", "case": case["case"],
                         "type": "entry-retracted", "occurredAt": f"{case['serviceDate']}T23:00:00Z",
                         "data": {"entry": entry, "reason": "not this patient"}}
                answer = ask("--with", "-", "--cases", "--format", "json",
                             data=json.dumps(event).encode())
                told = [json.loads(line) for line in answer.stdout.splitlines()]
                self.assertEqual(told[0]["case"], case["case"])
                event["data"]["entry"] = "5afe0000-0000-4000-8000-00000000ffff"
                refused = ask("--with", "-", data=json.dumps(event).encode(), check=False)
                self.assertEqual(refused.returncode, 65)
                self.assertEqual(refused.stdout, b"")
                self.assertIn(b"-:1: entry-unknown: ", refused.stderr)

            with self.subTest("nothing was written, and the looks were recorded"):
                left = run("export", "--facility", FACILITY, "--data-dir", path).stdout
                self.assertEqual(len(left.splitlines()), end)

            with self.subTest("what is not asked for"):
                for arguments, sentence in [
                    ([], b"What would differ?"),
                    (["--policy", "sir", "--from", "2026-02-01", "--to", "2026-01-01"],
                     b"--to lies before --from"),
                    (["--policy", "sir", "--from", "yesterday"], b"--from"),
                ]:
                    refused = ask(*arguments, check=False)
                    self.assertEqual(refused.returncode, 64)
                    self.assertIn(sentence, refused.stderr)
                self.assertEqual(ask("--policy", "none-such", check=False).returncode, 65)


if __name__ == "__main__":
    unittest.main()
