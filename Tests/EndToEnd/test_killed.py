"""A service that is killed while 64 clients append: what was answered is there, once.

CATHLOG_KILLS says how often it is killed (2).
"""

import http.client
import json
import os
import random
import threading
import unittest
import uuid

from harness import (FACILITY, Client, Service, event, folder, image, now, opening, run, token,
                     wait_for)

KILLS = int(os.environ.get("CATHLOG_KILLS", "2"))
CLIENTS = 64
SITES = [("common-iliac-vein", "left"), ("common-iliac-vein", "right"),
         ("external-iliac-vein", "left"), ("inferior-vena-cava", None),
         ("common-femoral-vein", "left"), ("renal-artery", "right")]


class Load:
    """Clients that append until the service is gone, and remember what was answered."""

    def __init__(self, port, secret, hot_case):
        self.port = port
        self.secret = secret
        self.hot_case = hot_case
        self.answered = {}
        self.sent = {}
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.work) for _ in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def work(self):
        client = Client(self.port, self.secret)
        chance = random.Random()
        case = str(uuid.uuid4())
        pending = [(case, opening())]
        try:
            while True:
                target, step = pending.pop() if pending else (
                    chance.choice([case, case, self.hot_case]), image(*chance.choice(SITES)))
                with self.lock:
                    self.sent[step["id"]] = (target, step)
                status, body, _ = client.call("POST", f"/v1/cases/{target}/events", step)
                if status == 503:
                    pending.append((target, step))
                    continue
                if status not in (200, 201):
                    raise AssertionError(f"{status}: {body}")
                with self.lock:
                    self.answered[step["id"]] = body
                    enough = len(self.answered) % 500 == 499
                if enough:
                    case = str(uuid.uuid4())
                    pending = [(case, opening())]
        except (OSError, http.client.HTTPException):
            client.close()

    def join(self):
        for thread in self.threads:
            thread.join(timeout=60)


class Killed(unittest.TestCase):
    def test_nothing_that_was_answered_is_lost_or_doubled(self):
        with folder() as path:
            running = Service(path).start()
            run("facility", "create", FACILITY, "--time-zone", "UTC", "--data-dir", path)
            secret = token(path, "recorder", "auditor")
            hot_case = str(uuid.uuid4())
            Client(running.port, secret).append(hot_case, opening())
            total = 0
            for number in range(KILLS):
                load = Load(running.port, secret, hot_case)
                goal = random.randint(200, 2000)
                wait_for(lambda: len(load.answered) >= goal, seconds=60)
                running.kill()
                load.join()
                running.start()
                with self.subTest(kill=number):
                    self.check(running, path, secret, load)
                total += len(load.answered)
            self.assertEqual(running.stop(), 0)
            self.assertGreater(total, 0)
            print(f"killed {KILLS} times, {total} answered events, none lost")

    def check(self, running, path, secret, load):
        self.assertGreater(len(load.answered), 0)
        exported = run("export", "--facility", FACILITY, "--data-dir", path).stdout
        log = [json.loads(line) for line in exported.splitlines()]
        self.assertEqual([entry["position"] for entry in log], list(range(1, len(log) + 1)))
        versions = {}
        for entry in log:
            self.assertEqual(entry["version"], versions.get(entry["case"], 0) + 1)
            versions[entry["case"]] = entry["version"]
        by_id = {entry["id"]: entry for entry in log}
        self.assertEqual(len(by_id), len(log))
        for identifier, receipt in load.answered.items():
            stored = by_id[identifier]
            self.assertEqual(
                (receipt["position"], receipt["version"]),
                (stored["position"], stored["version"]))
        # Everything sent again: what was stored is a repeat, the rest is stored now.
        client = Client(running.port, secret)
        for identifier, (case, step) in list(load.sent.items())[-200:]:
            status, body, _ = client.call("POST", f"/v1/cases/{case}/events", step)
            if identifier in by_id:
                self.assertEqual(status, 200, body)
                self.assertEqual(body["position"], by_id[identifier]["position"])
            else:
                self.assertIn(status, (201, 404), body)
        self.check_projection(client, path)

    def check_projection(self, client, path):
        def settled():
            exported = run("export", "--facility", FACILITY, "--data-dir", path).stdout
            head = len(exported.splitlines())
            status, body, _ = client.call("GET", "/readyz")
            applied = [entry["position"] for entry in body["facilities"]]
            return exported if status == 200 and applied == [head] else None

        exported = wait_for(settled)
        self.assertTrue(exported)
        expected = {}
        for line in run("derive", "-", data=exported).stdout.splitlines():
            document = json.loads(line)
            expected[document["case"]] = document["lines"]
        shown = {}
        for line in run("line-items", "--facility", FACILITY, "--format", "json",
                        "--data-dir", path).stdout.splitlines():
            item = json.loads(line)
            shown.setdefault(item["case"], []).append(item["line"])
        self.assertEqual(shown, {case: lines for case, lines in expected.items() if lines})


if __name__ == "__main__":
    unittest.main()
