"""What identifies a patient is not in the tables of the log, nor in what the service says."""

import os
import pathlib
import subprocess
import unittest
import uuid

from harness import FACILITY, Client, event, image, opening, run, service, token

MARKS = {name: f"ZQ{index}X{uuid.uuid4().hex[:12]}" for index, name in enumerate(
    ["patient", "encounter", "accession", "account", "note", "report", "reason", "detail",
     "corrected"])}


class Identity(unittest.TestCase):
    def test_no_mark_of_a_patient_is_in_a_dump_or_a_log(self):
        with service() as running:
            secret = token(running.folder, "physician", person="dr-114")
            client = Client(running.port, secret)
            case = str(uuid.uuid4())
            note = event("note-recorded", {"kind": "nursing", "text": MARKS["note"]})
            for step in [
                opening(patient=MARKS["patient"], encounter=MARKS["encounter"],
                        accession=MARKS["accession"], account=MARKS["account"]),
                image("renal-artery", "left"),
                note,
                event("adverse-event", {"kind": "bleeding", "detail": MARKS["detail"]}),
                event("interpretation-documented", {
                    "vessels": [], "report": MARKS["report"], "physician": "dr-114"}),
                event("entry-corrected", {
                    "entry": note["id"], "reason": MARKS["reason"],
                    "data": {"kind": "nursing", "text": MARKS["corrected"]}}),
            ]:
                client.append(case, step)
            status, shown, _ = client.call("GET", f"/v1/cases/{case}/events")
            self.assertEqual(status, 200)
            text = str(shown)
            for name, mark in MARKS.items():
                # The role sees clear values; the patient is a pseudonym for everyone.
                self.assertEqual(mark in text, name != "patient", name)
            bad = event("note-recorded", {"kind": MARKS["note"], MARKS["account"]: 1})
            status, problem, _ = client.call("POST", f"/v1/cases/{case}/events", bad)
            self.assertEqual(status, 422)
            dump = self.dump(running.folder)
            said = str(problem) + "".join(running.lines + running.errors) + self.server_log(running.folder)
            for name, mark in MARKS.items():
                self.assertNotIn(mark.encode(), dump, name)
                self.assertNotIn(mark.encode().hex().encode(), dump, name)
                self.assertNotIn(mark, said, name)
            self.assertIn(b"renal-artery", dump)

    @staticmethod
    def dump(path):
        password = pathlib.Path(path, "password").read_text().strip()
        return subprocess.run(
            ["pg_dump", "--host", f"{path}/socket", "--username", "postgres", "cathlog"],
            env={**os.environ, "PGPASSWORD": password}, capture_output=True, check=True).stdout

    @staticmethod
    def server_log(path):
        return "".join(file.read_text() for file in pathlib.Path(path, "log").iterdir())


if __name__ == "__main__":
    unittest.main()
