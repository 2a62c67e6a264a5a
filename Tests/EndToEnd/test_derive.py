"""`cathlog derive` as a new user meets it: the acceptance cases, and input that is wrong."""

import json
import unittest

from harness import CASES, run

GOOD = (CASES / "three-separate-vessels.ndjson").read_bytes()


class Derive(unittest.TestCase):
    def test_every_case_derives_as_expected(self):
        names = sorted(path.stem for path in CASES.glob("*.ndjson"))
        self.assertGreaterEqual(len(names), 26)
        for name in names:
            with self.subTest(case=name):
                expected = json.loads((CASES / f"{name}.expected.json").read_text())
                output = run("derive", CASES / f"{name}.ndjson", "--policy", expected["policy"])
                documents = [json.loads(line) for line in output.stdout.splitlines()]
                lines = [line for document in documents for line in document["lines"]]
                self.assertEqual(
                    sorted((line["code"], line["units"], line["status"]) for line in lines),
                    sorted((line["code"], line["units"], line["status"])
                           for line in expected["lines"]))
                for kind in ("holds", "edits"):
                    found = {finding["code"] for document in documents
                             for finding in document[kind]}
                    found |= {finding["code"] for line in lines for finding in line[kind]}
                    self.assertEqual(found, set(expected[kind]))
                self.assertFalse({line["code"] for line in lines} & set(expected["absent"]))

    def test_input_that_is_wrong_is_named_and_nothing_is_derived(self):
        first, rest = GOOD.split(b"\n", 1)
        second = rest.split(b"\n", 1)[0]
        table = [
            ("no json", b"{", "field-invalid", 2),
            ("cut off", second[: len(second) // 2], "field-invalid", 2),
            ("not utf-8", second.replace(b"rn-204", b"rn-\xff"), "field-invalid", 2),
            ("nul", second.replace(b"rn-204", b"rn-\\u0000"), "field-invalid", 2),
            ("a million deep", b"[" * 1_000_000, "field-invalid", 2),
            ("ten megabytes", b'"' + b"a" * 10_000_000 + b'"', "field-invalid", 2),
            ("unknown field", second[:-1] + b',"colour":"red"}', "field-unknown", 2),
            ("a name twice", second[:-1] + b',"type":"x"}', "field-invalid", 2),
            ("unknown type", second.replace(b"procedure-coded", b"procedure-danced"),
             "field-invalid", 2),
            ("case twice", first, None, None),
        ]
        for name, line, code, number in table:
            with self.subTest(line=name):
                output = run("derive", "-", data=first + b"\n" + line + b"\n", check=code is None)
                if code is None:
                    self.assertTrue(output.stdout)
                    continue
                self.assertEqual(output.returncode, 65, output.stderr[:300])
                self.assertEqual(output.stdout, b"")
                self.assertTrue(
                    output.stderr.decode().startswith(f"-:{number}: {code}: "), output.stderr[:300])

    def test_the_published_prices_of_2022(self):
        for setting, prices, total in [("office", ["$1,026.07", "$175.45"], "$1,201.52"),
                                       ("facility", ["$89.63", "$70.94"], "$160.57")]:
            with self.subTest(setting=setting):
                path = CASES / f"two-vessels-2022-{setting}.ndjson"
                table = run("derive", path, "--price", "--format", "table").stdout.decode()
                for price in prices:
                    self.assertIn(f"  {price} ", table)
                self.assertIn(f"Billable  {total}, and 1 line without a value", table)
                priced = json.loads(run("derive", path, "--price").stdout)
                self.assertEqual(
                    priced["totals"]["billable"]["professional"],
                    total.replace("$", "").replace(",", ""))
                for line in priced["lines"]:
                    line.pop("price")
                priced.pop("totals")
                plain = run("derive", path).stdout
                self.assertEqual(
                    json.dumps(priced, separators=(",", ":"), ensure_ascii=False) + "\n",
                    plain.decode())

    def test_no_published_value_is_said_and_is_never_zero(self):
        output = run("derive", "-", "--price", data=GOOD).stdout
        priced = json.loads(output)
        self.assertIn("No published value for 2026.", output.decode())
        self.assertIsNone(priced["totals"]["billable"]["professional"])

    def test_a_wrong_flag_a_missing_file_and_an_empty_file(self):
        self.assertEqual(run("derive", "--wrong", check=False).returncode, 64)
        missing = run("derive", "/nowhere/at/all.ndjson", check=False)
        self.assertEqual(missing.returncode, 66)
        self.assertIn(b"file-unreadable", missing.stderr)
        self.assertEqual(run("derive", "-", data=b"").stdout, b"")
        unknown = run("derive", "-", "--policy", "none", data=GOOD, check=False)
        self.assertEqual(unknown.returncode, 65)
        self.assertIn(b"named-vessel", unknown.stderr)


if __name__ == "__main__":
    unittest.main()
