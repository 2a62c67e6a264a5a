"""The demo's own lines, run in a shell as they are printed."""

import json
import re
import subprocess
import threading
import unittest

from harness import PROGRAM, folder, wait_for


class Demo(unittest.TestCase):
    def test_the_lines_that_it_prints_work_as_printed(self):
        with folder() as path:
            process = subprocess.Popen(
                [PROGRAM, "demo", "--data-dir", path, "--port", "0"],
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            try:
                text = ""
                for line in process.stdout:
                    text += line
                    if line.startswith("Ctrl-C"):
                        break
                lines = re.findall(r"^  (curl .*)$", text.replace("\\\n", ""), re.MULTILINE)
                self.assertEqual(len(lines), 5, text)
                line_items, image, replay, signature, ready = lines
                before = self.units(line_items)
                self.assertEqual((before["37252"], before["37253"]), (1, 1))
                self.assertFalse(self.call(image)["repeat"])
                after = wait_for(lambda: self.changed(line_items, before))
                self.assertEqual((after["37252"], after["37253"]), (1, 2))
                self.assertEqual(len(self.call(replay)["steps"]), 13)
                self.call(signature)
                signed = wait_for(lambda: self.is_billable(line_items))
                self.assertTrue(signed)
                self.assertEqual(self.call(ready)["status"], "ready")
            finally:
                process.terminate()
                reader = threading.Thread(target=process.stdout.read)
                reader.start()
                self.assertEqual(process.wait(timeout=120), 0)
                reader.join()
                process.stdout.close()

    @staticmethod
    def call(line):
        return json.loads(subprocess.run(
            line, shell=True, capture_output=True, check=True).stdout)

    def units(self, line):
        items = self.call(line)["lineItems"]
        return {item["line"]["code"]: item["line"]["units"] for item in items}

    def changed(self, line, before):
        units = self.units(line)
        return units if units != before else None

    def is_billable(self, line):
        return {item["line"]["status"] for item in self.call(line)["lineItems"]} == {"billable"}


if __name__ == "__main__":
    unittest.main()
