"""Files of events through a running service: the same lines as from the files alone."""

import json
import unittest

from harness import CASES, FACILITY, Client, run, service, token, wait_for


class Import(unittest.TestCase):
    def test_every_case_gives_the_same_lines_by_every_way(self):
        files = sorted(CASES.glob("*.ndjson"))
        with service() as running:
            path = running.folder
            run("import", *files, "--facility", FACILITY, "--data-dir", path)
            client = Client(running.port, token(path, "auditor", person="au-1"))
            alone = run("derive", *files)
            expected = [json.loads(line) for line in alone.stdout.splitlines()]
            head = sum(len(file.read_text().splitlines()) for file in files) + 1
            self.assertTrue(wait_for(lambda: self.is_applied(client, head)))
            printed = run("line-items", "--facility", FACILITY, "--format", "json",
                          "--data-dir", path)
            by_case = {}
            for line in printed.stdout.splitlines():
                document = json.loads(line)
                by_case.setdefault(document["case"], []).append(document["line"])
            for document in expected:
                case = document["case"]
                with self.subTest(case=case):
                    status, shown, _ = client.call("GET", f"/v1/cases/{case}")
                    self.assertEqual(status, 200)
                    self.assertEqual(shown["charges"]["lines"], document["lines"])
                    self.assertEqual(shown["charges"]["holds"], document["holds"])
                    self.assertEqual(by_case.get(case, []), document["lines"])
                    status, listed, _ = client.call("GET", f"/v1/line-items?case={case}")
                    self.assertEqual(status, 200)
                    self.assertEqual(
                        [item["line"] for item in listed["lineItems"]], document["lines"])

            for file in files:
                policy = json.loads(
                    file.with_name(f"{file.stem}.expected.json").read_text())["policy"]
                if policy == "named-vessel":
                    continue
                with self.subTest(policy=policy, file=file.stem):
                    document = json.loads(run("derive", file, "--policy", policy).stdout)
                    replayed = json.loads(run(
                        "replay", document["case"], "--policy", policy, "--facility", FACILITY,
                        "--format", "json", "--data-dir", path).stdout)
                    self.assertEqual(replayed["charges"]["lines"], document["lines"])

            with self.subTest("again: repeats, and nothing new"):
                again = run("import", *files, "--facility", FACILITY, "--data-dir", path)
                self.assertIn(b" 0 new", again.stderr)

            with self.subTest("the export derives and imports"):
                exported = run("export", "--facility", FACILITY, "--data-dir", path).stdout
                self.assertEqual(len(exported.splitlines()), head)
                rederived = [json.loads(line)
                             for line in run("derive", "-", data=exported).stdout.splitlines()]
                # Cases are imported beside each other, so their order is not that of the files.
                self.assertEqual(
                    {document["case"]: document["lines"] for document in rederived},
                    {document["case"]: document["lines"] for document in expected})

            with self.subTest("an export imported where it came from: repeats, and nothing new"):
                again = run("import", "-", "--facility", FACILITY, "--data-dir", path,
                            data=exported)
                self.assertIn(b" 0 new", again.stderr)

            with self.subTest("verify finds nothing"):
                verified = run("verify", "--facility", FACILITY, "--data-dir", path)
                self.assertEqual(verified.returncode, 0)

            with self.subTest("rebuilt is the same"):
                run("rebuild", "--facility", FACILITY, "--data-dir", path)
                rebuilt = run("line-items", "--facility", FACILITY, "--format", "json",
                              "--data-dir", path)
                self.assertEqual(rebuilt.stdout, printed.stdout)

    def test_a_file_with_a_bad_line_stores_nothing(self):
        good = (CASES / "segments-fold.ndjson").read_bytes()
        with service() as running:
            bad = good + good.splitlines()[1].replace(b'"code"', b'"kode"') + b"\n"
            output = run("import", "-", "--facility", FACILITY, "--data-dir", running.folder,
                         data=bad, check=False)
            self.assertEqual(output.returncode, 65)
            self.assertRegex(output.stderr.decode(), r"-:\d+: field-(unknown|missing): ")
            exported = run("export", "--facility", FACILITY, "--data-dir", running.folder).stdout
            self.assertEqual(len(exported.splitlines()), 1)

    @staticmethod
    def is_applied(client, head):
        status, body, _ = client.call("GET", "/readyz")
        facility = next((entry for entry in body["facilities"]
                         if entry["facility"] == FACILITY), None)
        return status == 200 and facility is not None and facility["position"] == head


if __name__ == "__main__":
    unittest.main()
