"""Simulated event files: the same bytes again, taken by derive and import, and no room to write them."""

import hashlib
import json
import subprocess
import unittest

from harness import PROGRAM, folder, run


class Simulate(unittest.TestCase):
    def test_the_same_options_give_the_same_bytes(self):
        one = run("simulate", "--cases", "40", "--seed", "7").stdout
        two = run("simulate", "--cases", "40", "--seed", "7").stdout
        other = run("simulate", "--cases", "40", "--seed", "8").stdout
        self.assertEqual(hashlib.sha256(one).digest(), hashlib.sha256(two).digest())
        self.assertNotEqual(one, other)
        self.assertEqual(one.splitlines()[:100], run(
            "simulate", "--events", "100", "--seed", "7").stdout.splitlines())

    def test_a_file_derives_and_imports_into_a_facility_that_was_created(self):
        with folder() as path:
            file = path + ".ndjson"
            run("simulate", "--cases", "30", "--seed", "3", "--facility", "north",
                "--time-zone", "America/Chicago", "--output", file)
            derived = [json.loads(line) for line in run("derive", file).stdout.splitlines()]
            self.assertEqual(len(derived), 30)
            run("facility", "create", "north", "--time-zone", "America/Chicago",
                "--data-dir", path)
            result = run("import", file, "--facility", "north", "--data-dir", path)
            with open(file, encoding="utf-8") as lines:
                events = [json.loads(line) for line in lines]
            self.assertIn(f"{len(events)} new", result.stderr.decode())
            exported = run("export", "--data-dir", path).stdout.splitlines()
            stored = {event["id"]: event for event in map(json.loads, exported)}
            first = stored[events[0]["id"]]
            self.assertEqual(first["claimedRecordedAt"], events[0]["recordedAt"])
            self.assertEqual(first["claimedRecorder"], events[0]["recorder"])

    def test_a_full_disk_is_said_in_one_sentence(self):
        for options in (["--output", "/dev/full"], []):
            with self.subTest(options=options), open("/dev/full", "wb") as full:
                result = subprocess.run(
                    [PROGRAM, "simulate", "--cases", "50", *options], stdout=full,
                    stderr=subprocess.PIPE, timeout=120)
                self.assertEqual(result.returncode, 73)
                self.assertRegex(
                    result.stderr.decode(),
                    r"^(/dev/full|standard output): output-unwritable: No space left on device\.\n$")

    def test_a_reader_that_has_gone_ends_it_quietly(self):
        with subprocess.Popen(
                [PROGRAM, "simulate", "--events", "1000000"], stdout=subprocess.PIPE,
                stderr=subprocess.PIPE) as process:
            self.assertTrue(process.stdout.readline())
            process.stdout.close()
            self.assertEqual(process.stderr.read(), b"")
            self.assertEqual(process.wait(timeout=60), 0)

    def test_what_makes_no_sense_is_refused(self):
        for options in ([], ["--cases", "0"], ["--cases", "1", "--from", "yesterday"],
                        ["--cases", "1", "--rooms", "41"], ["--cases", "1", "--facility", "-x"],
                        ["--cases", "1", "--time-zone", "Mars/Base"]):
            with self.subTest(options=options):
                result = run("simulate", *options, check=False)
                self.assertEqual(result.returncode, 64)
                self.assertEqual(result.stdout, b"")


if __name__ == "__main__":
    unittest.main()
