"""A site's rule book: adopted from a date on, named by what it derives, there for ever."""

import json
import pathlib
import unittest

from harness import CASES, FACILITY, Client, folder, run, service, token, wait_for

SITE = {
    "ruleBook": "2026.1-general",
    "extends": "2026.1",
    "tables": {
        "policies": {
            "source": "General Hospital, coding committee",
            "rows": [
                {"policy": "house", "default": False, "rule": "policy-house",
                 "says": "External iliac and common femoral vein are one."},
            ],
        },
        "vesselGroups": {
            "source": "General Hospital, coding committee",
            "rows": [
                {"policy": "house", "group": "outflow-vein",
                 "vessels": ["external-iliac-vein", "common-femoral-vein"]},
            ],
        },
        "payers": {
            "source": "General Hospital, contract with Prairie Health",
            "rows": [{"payer": "prairie-health", "aliases": [], "from": None, "to": None,
                      "policy": "house"}],
        },
    },
}


def copied(name, number, date):
    """The events of an acceptance case as another case, of another day, paid by Prairie Health."""
    text = (CASES / f"{name}.ndjson").read_text().replace("2026-03-02", date)
    events = [json.loads(line) for line in text.splitlines()]
    for event in events:
        for field in ("id", "case"):
            event[field] = f"{number:08x}" + event[field][8:]
        if event["type"] == "case-opened":
            event["data"]["payer"] = "prairie-health"
            event["data"]["patient"] = f"pt-{number}"
    return events


def units(charges, code):
    return sum(line["units"] for line in charges["lines"] if line["code"] == code)


class RuleBooks(unittest.TestCase):
    def test_a_book_of_the_site_derives_the_cases_of_its_dates(self):
        with service() as running:
            path = running.folder
            files = pathlib.Path(path).parent
            book, cases = files / "house.json", files / "cases.ndjson"
            book.write_text(json.dumps(SITE, indent=1))
            before, after = (copied("sir-leg-veins", 1, "2026-02-27"),
                             copied("sir-leg-veins", 2, "2026-03-02"))
            cases.write_text("".join(json.dumps(event) + "\n" for event in before + after))
            run("import", cases, "--facility", FACILITY, "--data-dir", path)
            old, new = before[0]["case"], after[0]["case"]
            first = {case: self.charges(running, case) for case in (old, new)}
            self.assertEqual({charge["ruleBook"] for charge in first.values()}, {"2026.1"})

            adopted = run("rule-book", "adopt", book, "--from", "2026-03-01",
                          "--facility", FACILITY, "--data-dir", path).stdout.decode()
            self.assertRegex(
                adopted, r"^adopted rule book 2026\.1-general \(sha256:[0-9a-f]{64}\) in general "
                r"for dates of service from 2026-03-01\n$")
            digest = adopted.split("(")[1].split(")")[0]
            self.assertTrue(wait_for(
                lambda: self.charges(running, new)["ruleBook"] == "2026.1-general"))
            second = {case: self.charges(running, case) for case in (old, new)}
            self.assertEqual(second[old], first[old])
            self.assertEqual(second[new]["ruleBookDigest"], digest)
            self.assertEqual(second[new]["groupingPolicy"], "house")
            self.assertEqual(units(second[new], "37252"), units(first[new], "37252"))
            self.assertLess(units(second[new], "37253"), units(first[new], "37253"))

            with self.subTest("again: it holds already, and nothing is appended"):
                end = self.log_end(path)
                again = run("rule-book", "adopt", digest, "--from", "2026-03-15",
                            "--facility", FACILITY, "--data-dir", path).stdout.decode()
                self.assertIn("already holds in general for dates of service from 2026-03-01", again)
                self.assertEqual(self.log_end(path), end)

            with self.subTest("it is listed and shown"):
                listed = run("rule-book", "list", "--facility", FACILITY, "--format", "json",
                             "--data-dir", path).stdout.decode().splitlines()
                books = [json.loads(line) for line in listed]
                self.assertEqual([one["ruleBook"] for one in books], ["2026.1", "2026.1-general"])
                self.assertEqual(books[1]["adoptedFrom"], ["2026-03-01"])
                whole = files / "whole.json"
                whole.write_bytes(run("rule-book", "show", digest, "--facility", FACILITY,
                                      "--format", "json", "--data-dir", path).stdout)
                self.assertIn(digest, run("rule-book", "validate", whole).stdout.decode())
                self.assertIn("policy-house", run(
                    "rule-book", "diff", "2026.1", "2026.1-general", "--facility", FACILITY,
                    "--data-dir", path).stdout.decode())

            with self.subTest("it survives a kill and a rebuild"):
                running.kill()
                running.start()
                run("rebuild", "--facility", FACILITY, "--data-dir", path)
                self.assertEqual(
                    {case: self.charges(running, case) for case in (old, new)}, second)
                verified = run("verify", "--facility", FACILITY, "--data-dir", path)
                self.assertIn(b"2 cases", verified.stdout)

            with self.subTest("a replay takes any book that is kept or shipped"):
                for name, expected in [("2026.1", first[new]), ("2026.1-general", second[new]),
                                       (digest, second[new])]:
                    replayed = json.loads(run(
                        "replay", new, "--rule-book", name, "--facility", FACILITY,
                        "--format", "json", "--data-dir", path).stdout)
                    if name == "2026.1":
                        self.assertEqual(units(replayed["charges"], "37253"),
                                         units(expected, "37253"))
                    else:
                        self.assertEqual(replayed["charges"], expected)

            self.moves_elsewhere(path, files, whole, digest, second[new])

    def moves_elsewhere(self, path, files, book, digest, charges):
        """The log goes to another database, and its book with it."""
        log = files / "log.ndjson"
        log.write_bytes(run("export", "--facility", FACILITY, "--data-dir", path).stdout)
        with service() as other:
            arguments = ["import", log, "--facility", FACILITY, "--data-dir", other.folder]
            refused = run(*arguments, check=False)
            self.assertEqual(refused.returncode, 65)
            said = refused.stderr.decode()
            self.assertRegex(said, r"log\.ndjson:\d+: rule-book-unknown: ")
            self.assertIn(digest, said)
            self.assertIn("--rule-book", said)
            self.assertEqual(self.log_end(other.folder), 1)
            run(*arguments, "--rule-book", book)
            self.assertTrue(wait_for(
                lambda: self.charges(other, charges["case"])["ruleBookDigest"] == digest))
            self.assertEqual(self.charges(other, charges["case"])["lines"], charges["lines"])

    def test_a_book_with_faults_is_not_stored(self):
        with folder() as path:
            run("facility", "create", FACILITY, "--data-dir", path)
            book = pathlib.Path(path).parent / "broken.json"
            book.write_text('{\n"ruleBook": "2026.1-general",\n"extends": "1999.1",\n"tables": {}\n}\n')
            for argument, said, status in [
                    (book, "broken.json:3: ", 65), (book.parent / "none.json", "file-unreadable: ", 66),
                    ("2026.1-never", "rule-book-unknown: ", 65)]:
                with self.subTest(argument=argument):
                    refused = run("rule-book", "adopt", argument, "--from", "2026-03-01",
                                  "--data-dir", path, check=False)
                    self.assertEqual(refused.returncode, status)
                    self.assertIn(said, refused.stderr.decode())
                    self.assertEqual(refused.stdout, b"")
            self.assertEqual(self.log_end(path), 1)

    @staticmethod
    def charges(running, case):
        client = Client(running.port, token(running.folder, "auditor", person="au-1"))
        return client.call("GET", f"/v1/cases/{case}")[1]["charges"]

    @staticmethod
    def log_end(path):
        exported = run("export", "--facility", FACILITY, "--data-dir", path)
        return len(exported.stdout.splitlines())


if __name__ == "__main__":
    unittest.main()
