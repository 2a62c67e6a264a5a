"""A ledger whose service is killed again and again, while cases are signed, corrected and reopened,
lines are rebuilt, and billing pulls and acknowledges.

CATHLOG_KILLS says how often it is killed (2), CATHLOG_SEED how all of it is drawn.
"""

import http.client
import json
import os
import random
import threading
import unittest
import uuid

from harness import FACILITY, Client, Service, event, folder, image, opening, run, token, wait_for

KILLS = int(os.environ.get("CATHLOG_KILLS", "2"))
SEED = int(os.environ.get("CATHLOG_SEED", str(random.getrandbits(32))))
WORKERS = 12
SITES = [("common-iliac-vein", "left"), ("common-iliac-vein", "right"),
         ("external-iliac-vein", "left"), ("common-femoral-vein", "left"),
         ("inferior-vena-cava", None), ("external-iliac-artery", "right")]


def signing():
    return event("case-signed", {"signer": "dr-114", "meaning": "author"})


class Recorder(threading.Thread):
    """Works on cases of its own until it is told to stop, across whatever becomes of the service."""

    def __init__(self, running, secret, seed, patients, stop):
        super().__init__()
        self.running = running
        self.client = Client(running.port, secret)
        self.chance = random.Random(seed)
        self.patients = patients
        self.stop = stop
        self.cases = {}
        self.count = 0

    def run(self):
        while not self.stop.is_set():
            case = self.choose()
            if case is None:
                case, step = self.begin()
            else:
                step = self.change(case)
            self.send(case, step)

    def choose(self):
        if len(self.cases) < 3 or self.chance.random() < 0.15:
            return None
        return self.chance.choice(list(self.cases))

    def begin(self):
        case = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        images = [image(*site) for site in self.chance.sample(SITES, self.chance.randint(1, 5))]
        self.cases[case] = {step["id"] for step in images}
        return case, [
            opening(patient=self.chance.choice(self.patients)), *images,
            event("procedure-coded", {"code": "37238"}),
            event("interpretation-documented",
                  {"vessels": [], "report": "patent", "physician": "dr-114"}), signing()]

    def change(self, case):
        standing = self.cases[case]
        drawn = self.chance.randrange(6)
        if drawn == 0 and standing:
            entry = self.chance.choice(sorted(standing))
            standing.discard(entry)
            return [event("entry-retracted", {"entry": entry, "reason": "wrong"})]
        if drawn == 1:
            return [event("case-reopened", {"reason": "one more look"})]
        if drawn == 2:
            step = image(*self.chance.choice(SITES))
            standing.add(step["id"])
            return [{**step, "reason": "late"}]
        if drawn == 3:
            return [event("diagnosis-coded", {"codes": [self.chance.choice(["I87.1", "I70.213"])]})]
        return [signing()]

    def send(self, case, steps):
        """Sends until it is answered: what was stored before a kill is then a repeat."""
        while not self.stop.is_set():
            try:
                status, body, _ = self.client.call("POST", f"/v1/cases/{case}/events", steps)
            except (OSError, http.client.HTTPException):
                self.stop.wait(0.05)
                # It may listen elsewhere when it is back.
                self.client.port = self.running.port
                continue
            if status == 503:
                self.stop.wait(0.05)
                continue
            # A case that is open is not reopened.
            if status not in (200, 201, 409):
                raise AssertionError(f"{status}: {body}")
            self.count += 1
            return


class Biller(threading.Thread):
    """Pulls from where it is, in pages of any size, and says how far it has posted."""

    def __init__(self, running, secret, seed, stop):
        super().__init__()
        self.running = running
        self.client = Client(running.port, secret)
        self.chance = random.Random(seed)
        self.stop = stop
        self.pulled = []
        self.pulls = self.acknowledgements = 0

    def run(self):
        while not self.stop.is_set():
            try:
                self.pull()
                if self.pulled and self.chance.random() < 0.3:
                    self.acknowledge()
            except (OSError, http.client.HTTPException):
                self.stop.wait(0.05)
                self.client.port = self.running.port
            self.stop.wait(0.01)

    def pull(self):
        after = f"&after={self.pulled[-1]['entry']}" if self.pulled else ""
        limit = self.chance.choice([1, 3, 50, 1000])
        status, body, _ = self.client.call("GET", f"/v1/charges?limit={limit}{after}")
        if status == 503:
            return
        if status != 200:
            raise AssertionError(f"{status}: {body}")
        self.pulled += body["charges"]
        self.pulls += 1

    def acknowledge(self):
        # Sometimes again, sometimes backwards.
        entry = self.chance.choice(self.pulled[-20:])["entry"]
        status, body, _ = self.client.call(
            "POST", "/v1/charges/acknowledgements", {"through": entry})
        if status not in (200, 201, 409, 503):
            raise AssertionError(f"{status}: {body}")
        self.acknowledgements += status == 201


class LedgerKilled(unittest.TestCase):
    def test_every_charge_is_entered_once_however_often_the_service_is_killed(self):
        print(f"CATHLOG_SEED={SEED}")
        chance = random.Random(SEED)
        with folder() as path:
            running = Service(path).start()
            run("facility", "create", FACILITY, "--time-zone", "UTC", "--data-dir", path)
            recording = token(path, "physician", "coder", person="dr-114")
            billing = token(path, "billing", "auditor", person="bi-31")
            patients = [f"pt-{number}" for number in range(100)]
            stop = threading.Event()
            recorders = [
                Recorder(running, recording, chance.getrandbits(64), patients, stop)
                for _ in range(WORKERS)]
            biller = Biller(running, billing, chance.getrandbits(64), stop)
            for thread in [*recorders, biller]:
                thread.start()
            try:
                for number in range(KILLS):
                    goal = sum(recorder.count for recorder in recorders) + chance.randint(50, 400)
                    reached = wait_for(
                        lambda: sum(recorder.count for recorder in recorders) >= goal, seconds=120)
                    self.assertTrue(reached, f"kill {number}")
                    if number % 3 == 2:
                        run("rebuild", "--facility", FACILITY, "--data-dir", path)
                    running.kill()
                    running.start()
            finally:
                stop.set()
                for thread in [*recorders, biller]:
                    thread.join(timeout=60)
            try:
                self.check(running, path, billing, biller)
            finally:
                status = running.stop()
            self.assertEqual(status, 0)
            requests = sum(recorder.count for recorder in recorders)
            print(f"killed {KILLS} times, seed {SEED}: {requests} answered requests, "
                  f"{len(biller.pulled)} entries pulled in {biller.pulls} pulls, "
                  f"{biller.acknowledgements} acknowledgements; the ledger is what the log makes")

    def check(self, running, path, billing, biller):
        # Holds every entry against what its case's own log makes, and every number against its place.
        verified = run("verify", "--facility", FACILITY, "--data-dir", path)
        self.assertIn("entries of its ledger are what it makes", verified.stdout.decode())
        biller.client.port = running.port
        while True:
            before = len(biller.pulled)
            biller.pull()
            if len(biller.pulled) == before:
                break
        _, whole, _ = Client(running.port, billing).call("GET", "/v1/charges?limit=1000000")
        self.assertEqual(biller.pulled, whole["charges"])
        self.assertEqual(
            [int(entry["entry"].split("-")[1]) for entry in whole["charges"]],
            list(range(1, len(whole["charges"]) + 1)))
        self.check_sums(path, whole["charges"])

    def check_sums(self, path, charges):
        """The entries of each case sum up to what its exported events derive to by themselves."""
        sums = {}
        for entry in charges:
            key = (entry["case"], entry["code"], tuple(entry["modifiers"]))
            sign = 1 if entry["kind"] == "charge" else -1
            sums[key] = sums.get(key, 0) + sign * entry["units"]
        exported = run("export", "--facility", FACILITY, "--data-dir", path).stdout
        expected = {}
        for line in run("derive", "-", data=exported).stdout.splitlines():
            case = json.loads(line)
            for item in case["lines"]:
                if item["status"] == "billable":
                    key = (case["case"], item["code"], tuple(item["modifiers"]))
                    expected[key] = expected.get(key, 0) + item["units"]
        self.assertEqual({key: units for key, units in sums.items() if units}, expected)


if __name__ == "__main__":
    unittest.main()
