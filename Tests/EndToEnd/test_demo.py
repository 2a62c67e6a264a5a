"""The demo: what it shows by itself, its lines run in a shell as they are printed, its restart."""

import contextlib
import json
import re
import subprocess
import threading
import unittest

from harness import PROGRAM, folder, run, wait_for

ROLES = ["recorder", "physician", "coder", "billing", "auditor", "admin"]


class RunningDemo:
    """A demo whose output is read to its end."""

    def __init__(self, path, speed):
        self.process = subprocess.Popen(
            [PROGRAM, "demo", "--speed", str(speed), "--data-dir", path, "--port", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.output, self.errors = [], []
        self.said = threading.Condition()
        self.readers = [
            threading.Thread(target=self.read, args=(self.process.stdout, self.output)),
            threading.Thread(target=self.read, args=(self.process.stderr, self.errors))]
        for reader in self.readers:
            reader.start()
        self.wait_for_text("Ctrl-C")

    def read(self, pipe, lines):
        with pipe:
            for line in pipe:
                with self.said:
                    lines.append(line)
                    self.said.notify_all()
        with self.said:
            self.said.notify_all()

    def wait_for_text(self, text):
        """Everything printed once the text is among it."""
        def found():
            return text in "".join(self.output) or self.process.poll() is not None
        with self.said:
            self.said.wait_for(found, 120)
            output = "".join(self.output)
        if text not in output:
            raise AssertionError(f"{text} was not printed: {output}{''.join(self.errors)}")
        return output

    def parts(self):
        """For each role its link and its line for a shell."""
        text = self.wait_for_text("Ctrl-C").replace("\\\n", "")
        found = re.findall(r"^(\w+): .*\n  (http\S+)\n  (curl .*)$", text, re.MULTILINE)
        return {role: (link, line) for role, link, line in found}

    def stop(self):
        self.process.terminate()
        status = self.process.wait(timeout=120)
        for reader in self.readers:
            reader.join()
        return status


@contextlib.contextmanager
def demo(path, speed):
    running = RunningDemo(path, speed)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()


def call(line):
    """The answer of a line for a shell."""
    return json.loads(subprocess.run(line, shell=True, capture_output=True, check=True).stdout)


def units(line):
    items = call(line)["lineItems"]
    return {item["line"]["code"]: item["line"]["units"] for item in items}


class Demo(unittest.TestCase):
    def test_a_unit_is_derived_before_the_eyes_of_the_reader_with_the_reason(self):
        with folder() as path, demo(path, 60) as running:
            text = running.wait_for_text("37253 × 2")
            self.assertTrue(text.startswith("ready: http://127.0.0.1:"))
            told = text[:text.index("To see for yourself")]
            self.assertRegex(told, r"Lab 1: .* imaged by IVUS, entered by rt-301\n  37252 × 1\n")
            self.assertRegex(
                text, r"  37253 × 1\n    counted: \S+\n    because: Each further distinct")
            self.assertIn("waits for: case-not-signed", told)
            self.assertEqual(running.stop(), 0)
            self.assertFalse([line for line in running.errors if "warning" in line])

    def test_the_lines_and_links_that_it_prints_work_as_printed(self):
        with folder() as path, demo(path, 60) as running:
            parts = running.parts()
            self.assertEqual(list(parts), ROLES)
            lines = {role: line for role, (_, line) in parts.items()}

            links = {role: call(f"curl -sf '{link}'") for role, (link, _) in parts.items()}
            self.assertEqual(links["admin"]["status"], "ready")
            phases = {case["phase"] for case in links["recorder"]["cases"]}
            self.assertLessEqual({"open", "closed", "signed", "cancelled"}, phases)
            self.assertTrue(links["billing"]["lineItems"])
            self.assertTrue(links["coder"]["lineItems"])
            self.assertTrue(links["auditor"])

            before = units(lines["billing"])
            self.assertFalse(call(lines["recorder"])["repeat"])
            after = wait_for(lambda: self.changed(lines["billing"], before))
            self.assertEqual(after, {**before, "37253": before["37253"] + 1})
            self.assertFalse(call(lines["physician"])["repeat"])
            self.assertTrue(wait_for(lambda: self.is_billable(lines["billing"])))
            self.assertFalse(call(lines["coder"])["repeat"])
            self.assertGreater(len(call(lines["auditor"])["steps"]), 10)
            self.assertFalse(call(lines["admin"])["repeat"])

    def test_started_again_it_goes_on_with_the_cases_that_it_has(self):
        with folder() as path:
            with demo(path, 60) as running:
                shown = running.parts()["auditor"][1]
                self.assertEqual(running.stop(), 0)
            with demo(path, 3600) as running:
                shown = running.parts()["auditor"][1]
                self.assertTrue(wait_for(lambda: call(shown)["phase"] == "signed", 60), shown)
                self.assertEqual(running.stop(), 0)
                self.assertFalse([line for line in running.errors if "warning" in line])
            log = run("export", "--data-dir", path).stdout.splitlines()
            events = [json.loads(line) for line in log]
            self.assertEqual(len({event["id"] for event in events}), len(events))
            derived = run("derive", "-", data=b"\n".join(log) + b"\n").stdout.splitlines()
            self.assertFalse([line for line in derived if json.loads(line)["holds"]])

    def test_it_never_plays_into_a_facility_that_is_not_made_up(self):
        with folder() as path:
            run("facility", "create", "general", "--data-dir", path)
            result = run("demo", "--port", "0", "--data-dir", path, check=False)
            self.assertEqual(result.returncode, 65)
            self.assertRegex(result.stderr.decode(), r"cathlog: demo-facility-taken: .*--data-dir")
            exported = run("export", "--data-dir", path).stdout.splitlines()
            self.assertEqual(len(exported), 1)

    def changed(self, line, before):
        now = units(line)
        return now if now != before else None

    def is_billable(self, line):
        return {item["line"]["status"] for item in call(line)["lineItems"]} == {"billable"}


if __name__ == "__main__":
    unittest.main()
