"""The charge ledger from end to end: pulled, corrected, acknowledged, restored, cut off by a kill."""

import csv
import http.client
import io
import json
import os
import pathlib
import subprocess
import unittest
import uuid

from harness import (FACILITY, Client, event, image, opening, run, service, token, wait_for)

BINARIES = "/usr/lib/postgresql/15/bin"
FORMS = {
    "json": "application/json", "ndjson": "application/x-ndjson", "csv": "text/csv",
    "fhir": "application/fhir+json", "fhir-ndjson": "application/fhir+ndjson",
    "hl7": "application/hl7-v2+er7"}


def signing():
    return event("case-signed", {"signer": "dr-114", "meaning": "author"})


class Lab:
    """A service with who records and who bills."""

    def __init__(self, running):
        self.running = running
        self.path = running.folder
        self.physician = Client(running.port, token(self.path, "physician", person="dr-114"))
        self.billing = Client(running.port, token(self.path, "billing", person="bi-31"))

    def sign(self, vessels=("common-iliac-vein", "external-iliac-vein", "common-femoral-vein")):
        """Records and signs a case; returns it and its images."""
        case = str(uuid.uuid4())
        images = [image(vessel, "left") for vessel in vessels]
        self.physician.append(case, [
            opening(patient=f"pt-{uuid.uuid4()}", account="acct-77", encounter="enc-78",
                    department="vascular", payer="medicare"),
            *images, event("procedure-coded", {"code": "37238"}),
            event("diagnosis-coded", {"codes": ["I87.1"]}),
            event("interpretation-documented",
                  {"vessels": [], "report": "patent", "physician": "dr-114"}), signing()])
        return case, images

    def amend(self, case, entry):
        """Retracts an image and signs again."""
        self.physician.append(case, [
            event("entry-retracted", {"entry": entry["id"], "reason": "wrong vessel"}), signing()])

    def pull(self, query="", form="json"):
        status, body, _ = self.billing.call(
            "GET", f"/v1/charges{query}", headers={"Accept": FORMS[form]})
        if status != 200:
            raise AssertionError(f"{status}: {body}")
        return body

    def entries(self, count):
        """The entries, once there are so many; the projector needs an instant."""
        def pulled():
            found = self.pull("?limit=1000000")["charges"]
            return found if len(found) >= count else None
        found = wait_for(pulled)
        if found is None:
            raise AssertionError(f"fewer than {count} entries were posted")
        return found

    def acknowledge(self, entry):
        status, body, _ = self.billing.call(
            "POST", "/v1/charges/acknowledgements", {"through": entry})
        return status, body


class Charges(unittest.TestCase):
    maxDiff = None

    def test_a_case_corrected_after_posting_is_credited_and_charged_in_every_form(self):
        with service() as running:
            lab = Lab(running)
            case, images = lab.sign()
            lab.entries(3)
            lab.amend(case, images[2])
            # Until it is signed again nothing of the case can be billed.
            entries = lab.entries(9)
            lines = [("37238", 1), ("37252", 1), ("37253", 2)]
            self.assertEqual(
                [(entry["kind"], entry["code"], entry["units"]) for entry in entries],
                [("charge", *line) for line in lines] + [("credit", *line) for line in lines]
                + [("charge", "37238", 1), ("charge", "37252", 1), ("charge", "37253", 1)])
            self.assertEqual([entry["credits"] for entry in entries],
                             [None] * 3 + [entry["entry"] for entry in entries[:3]] + [None] * 3)
            for charge, credit in zip(entries[:3], entries[3:6]):
                same = [{name: value for name, value in entry.items() if name in (
                    "account", "encounter", "serviceDate", "units", "modifiers", "counted",
                    "patient")} for entry in (charge, credit)]
                self.assertEqual(*same)
            self.forms(lab, entries)
            charge, credit = entries[2], entries[5]
            status, shown, _ = lab.billing.call("GET", f"/v1/charges/{charge['entry']}")
            self.assertEqual((status, shown["credit"]["entry"]), (200, credit["entry"]))
            self.assertEqual({entry["type"] for entry in shown["events"]},
                             {"image-acquired", "entry-retracted"})

    def forms(self, lab, entries):
        """Every form has the same entries, over HTTP and on the command line."""
        names = [entry["entry"] for entry in entries]
        bodies = {form: lab.pull(form=form) for form in FORMS}
        for form in FORMS:
            command = run("charges", "--format", form, "--data-dir", lab.path).stdout
            if form not in ("json", "fhir"):
                self.assertEqual(command, bodies[form], form)
        lines = [json.loads(line) for line in bodies["ndjson"].splitlines()]
        self.assertEqual(lines, entries)
        rows = [row for row in csv.DictReader(io.StringIO(bodies["csv"].decode(), newline=""))
                if row["record"] in ("CG", "CD")]
        self.assertEqual([row["entry"] for row in rows], names)
        self.assertEqual([row["record"] for row in rows], ["CG"] * 3 + ["CD"] * 3 + ["CG"] * 3)
        self.assertEqual([row["credits"] for row in rows[3:6]], names[:3])
        items = [entry["resource"] for entry in bodies["fhir"]["entry"]]
        self.assertEqual(
            [item["resourceType"] for item in items].count("ChargeItem"), len(entries))
        again = [json.loads(line) for line in bodies["fhir-ndjson"].splitlines()]
        self.assertEqual(len(again), len(entries))
        for name, item in zip(names[:3], again[3:6]):
            self.assertIn(name, json.dumps(item))
        transactions = [segment.split("|") for segment in bodies["hl7"].decode().split("\r")
                        if segment.startswith("FT1|")]
        # A credit has the transaction of the charge that it takes back.
        self.assertEqual([(fields[6], fields[2]) for fields in transactions],
                         [("CG", name) for name in names[:3]] + [("CD", name) for name in names[:3]]
                         + [("CG", name) for name in names[6:]])
        if os.environ.get("CATHLOG_SHOW"):
            print(bodies["ndjson"].decode(), bodies["csv"].decode(),
                  json.dumps(bodies["fhir"], indent=1), bodies["hl7"].decode().replace("\r", "\n"),
                  sep="\n")

    def test_acknowledging_twice_and_backwards(self):
        with service() as running:
            lab = Lab(running)
            lab.sign()
            names = [entry["entry"] for entry in lab.entries(3)]
            status, first = lab.acknowledge(names[1])
            self.assertEqual((status, first["outstanding"]), (201, 1))
            self.assertEqual(lab.acknowledge(names[1]), (200, first))
            status, problem = lab.acknowledge(names[0])
            self.assertEqual((status, problem["code"], problem["through"]),
                             (409, "acknowledgement-backwards", names[1]))
            again = run("charges", "acknowledge", names[1], "--data-dir", lab.path)
            self.assertIn(f"acknowledged through {names[1]} before".encode(), again.stdout)
            back = run("charges", "acknowledge", names[0], "--data-dir", lab.path, check=False)
            self.assertEqual(back.returncode, 65)
            self.assertIn(b"acknowledgement-backwards", back.stderr)
            run("charges", "acknowledge", names[2], "--data-dir", lab.path)
            standing = json.loads(
                run("charges", "status", "--format", "json", "--data-dir", lab.path).stdout)
            self.assertEqual((standing["through"], standing["outstanding"]), (names[2], 0))
            billed = run("charges", "--status", "billed", "--format", "ndjson",
                         "--data-dir", lab.path).stdout
            self.assertEqual(billed, lab.pull(form="ndjson"))

    def test_a_cursor_of_what_a_restore_lost_is_refused_until_billing_compares(self):
        with service() as running:
            lab = Lab(running)
            lab.sign()
            kept = lab.entries(3)
            dump = pathlib.Path(lab.path).parent / "dump"
            self.postgres(lab, "pg_dump", "--format=custom", f"--file={dump}", "cathlog")
            lab.sign()
            lost = lab.entries(6)[3:]
            self.postgres(lab, "createdb", "restored")
            self.postgres(lab, "pg_restore", "--exit-on-error", "--dbname=restored", str(dump))
            restored = self.restored(lab)
            last = kept[-1]["entry"]
            self.assertEqual(self.count(restored, "--after", last), 0)
            stale = run("charges", "--after", lost[0]["entry"], environment=restored, check=False)
            self.assertEqual((stale.returncode, stale.stdout), (65, b""))
            self.assertIn(f"from after={last}.".encode(), stale.stderr)
            # The restored service goes on, gives the numbers again, and in an epoch of its own.
            self.grow(restored)
            standing = json.loads(
                run("charges", "status", "--format", "json", environment=restored).stdout)
            old, new = [epoch["epoch"] for epoch in standing["epochs"]]
            self.assertEqual(last.split("-")[0], old)
            self.assertEqual(standing["last"].split("-")[0], new)
            for entry in lost:
                stale = run("charges", "--after", entry["entry"], environment=restored, check=False)
                self.assertEqual(stale.returncode, 65)
                self.assertIn(f"epoch is {new} since entry 4".encode(), stale.stderr)
                refused = run(
                    "charges", "acknowledge", entry["entry"], environment=restored, check=False)
                self.assertEqual(refused.returncode, 65)
                self.assertIn(b"cursor-stale", refused.stderr)
            self.assertGreater(self.count(restored, "--after", last), 0)

    def test_an_epoch_begins_by_order(self):
        with service() as running:
            lab = Lab(running)
            lab.sign()
            last = lab.entries(3)[-1]["entry"]
            unsure = run("charges", "restart", "--data-dir", lab.path, data=b"", check=False)
            self.assertEqual(unsure.returncode, 64)
            said = run("charges", "restart", "--yes", "--data-dir", lab.path).stdout.decode()
            self.assertIn(f"after its last entry, {last}", said)
            lab.sign()
            entries = lab.entries(6)
            old = last.split("-")[0]
            self.assertEqual([entry["entry"].split("-")[0] == old for entry in entries],
                             [True] * 3 + [False] * 3)

    def test_a_service_that_is_killed_during_a_pull_never_gives_a_whole_answer(self):
        with service() as running:
            lab = Lab(running)
            self.fill(lab, 300_000)
            connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
            connection.request("GET", "/v1/charges?limit=1000000", headers={
                "Authorization": f"Bearer {lab.billing.token}", "Accept": FORMS["ndjson"]})
            response = connection.getresponse()
            taken = response.read(1_000_000)
            running.kill()
            with self.assertRaises((http.client.IncompleteRead, ConnectionError)):
                while part := response.read(1 << 20):
                    taken += part
            connection.close()
            running.start()
            # From the last whole line on, the rest is what a pull in one piece has.
            whole = taken[:taken.rindex(b"\n") + 1]
            cursor = json.loads(whole.splitlines()[-1])["entry"]
            lab.billing = Client(running.port, lab.billing.token)
            rest = lab.pull(f"?limit=1000000&after={cursor}", "ndjson")
            self.assertEqual((whole + rest).count(b"\n"), 300_000)
            numbers = [int(line[10:line.index(b'"', 10)].split(b"-")[1])
                       for line in (whole + rest).splitlines()]
            self.assertEqual(numbers, list(range(1, 300_001)))

    def test_a_file_is_there_whole_or_not_at_all(self):
        with service() as running:
            lab = Lab(running)
            lab.sign()
            lab.entries(3)
            file = pathlib.Path(lab.path).parent / "charges.csv"
            run("charges", "--format", "csv", "--output", file, "--data-dir", lab.path)
            self.assertEqual(file.read_bytes(), lab.pull(form="csv"))
            before = file.read_bytes()
            refused = run("charges", "--after", "bbbb-999", "--output", file, "--format", "csv",
                          "--data-dir", lab.path, check=False)
            self.assertEqual((refused.returncode, file.read_bytes()), (65, before))
            self.assertEqual([path.name for path in file.parent.glob("charges.csv*")],
                             ["charges.csv"])

    @staticmethod
    def url(lab, database):
        password = pathlib.Path(lab.path, "password").read_text().strip()
        return (f"host={lab.path}/socket port=5432 user=postgres password={password} "
                f"dbname={database}")

    def restored(self, lab):
        return {"DATABASE_URL": self.url(lab, "restored"),
                "CATHLOG_MASTER_KEY_FILE": f"{lab.path}/master.key"}

    @staticmethod
    def postgres(lab, program, *arguments):
        """Runs a program of PostgreSQL against the service's own server."""
        password = pathlib.Path(lab.path, "password").read_text().strip()
        found = os.path.join(BINARIES, program)
        result = subprocess.run(
            [found if os.path.exists(found) else program, "--host", f"{lab.path}/socket",
             "--username", "postgres", *arguments],
            capture_output=True, timeout=120, env={**os.environ, "PGPASSWORD": password})
        if result.returncode != 0:
            raise AssertionError(result.stderr.decode())
        return result.stdout.decode()

    @staticmethod
    def count(environment, *options):
        output = run("charges", "--format", "ndjson", *options, environment=environment).stdout
        return len(output.splitlines())

    @staticmethod
    def grow(environment):
        """Brings another case into the restored log, to be charged."""
        lines = [line for line in pathlib.Path(
            __file__).parents[1].joinpath("Cases", "three-separate-vessels.ndjson").read_text()
            .splitlines()]
        run("import", "--post", "-", data="\n".join(lines).encode(), environment=environment)

    def fill(self, lab, count):
        """Enters so many charges at once, as the writer does."""
        self.postgres(lab, "psql", "--set", "ON_ERROR_STOP=1", "--dbname", "cathlog", "--command", f"""
            SET ROLE cathlog_writer;
            INSERT INTO ledger.epoch VALUES ('{FACILITY}', 1, 'bbbb', 1, now(), NULL, NULL);
            INSERT INTO ledger.entry
            SELECT '{FACILITY}', n, 'bbbb', NULL, ('00000000-0000-4000-8000-00000000000' || n % 5)::uuid,
              3, 1, now(), now(), '2026-03-02', '37252', 1, '2026.1', 'sha256:00', 'named-vessel',
              '{{"serviceDate":"2026-03-02","setting":"office","department":null,"room":"Lab 2",'
              || '"operator":"dr-114","npi":null,"payer":null,"patient":null,"diagnoses":["I87.1"],'
              || '"code":"37252","units":1,"modifiers":[],"claims":["professional"],"counted":[]}}'
            FROM generate_series(1, {count}) AS n;
            INSERT INTO ledger.head VALUES ('{FACILITY}', 1, {count})
            ON CONFLICT (facility) DO UPDATE SET last_number = {count};""")


if __name__ == "__main__":
    unittest.main()
