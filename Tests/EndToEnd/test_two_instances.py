"""Two services on one database: no gap, no lost answer, no false refusal, a follower that misses nothing."""

import http.client
import json
import pathlib
import random
import threading
import unittest
import uuid

from harness import (FACILITY, Client, Service, image, opening, run, service, token)

CLIENTS = 16
ROUNDS = 25


class TwoInstances(unittest.TestCase):
    def test_retries_from_both_sides_are_stored_once(self):
        with service() as first:
            path = first.folder
            second = self.second(path)
            try:
                self.load([first.port, second.port], path)
            finally:
                self.assertEqual(second.stop(), 0)

    @staticmethod
    def second(path):
        """Another service on the first one's database, as one that the site runs."""
        password = pathlib.Path(path, "password").read_text().strip()
        url = (f"host={path}/socket port=5432 user=postgres password={password} dbname=cathlog")
        return Service(path, environment={
            "DATABASE_URL": url, "CATHLOG_MASTER_KEY_FILE": f"{path}/master.key"}).start()

    def load(self, ports, path):
        secret = token(path, "recorder", "auditor")
        hot = str(uuid.uuid4())
        first_event = opening()
        receipts = {}
        failures = []
        lock = threading.Lock()
        follower = Follower(ports[1], secret, hot)

        def send(client, case, step):
            # Every request goes out at least twice, as from a client that lost the answer.
            for _ in range(random.choice([2, 2, 3])):
                status, body, _ = client.call("POST", f"/v1/cases/{case}/events", step)
                with lock:
                    if status not in (200, 201):
                        failures.append((status, body))
                        return
                    receipt = body
                    known = receipts.setdefault(step["id"], receipt)
                    if (known["position"], known["version"]) != (
                            receipt["position"], receipt["version"]):
                        failures.append((known, receipt))

        def work(port):
            client = Client(port, secret)
            case = str(uuid.uuid4())
            send(client, hot, first_event)
            send(client, case, opening())
            for number in range(ROUNDS):
                send(client, hot if number % 2 else case, image("renal-artery", "left"))

        follower_client = Client(ports[0], secret)
        send(follower_client, hot, first_event)
        follower.start()
        threads = [threading.Thread(target=work, args=(port,))
                   for port in ports for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=300)
        self.assertEqual(failures, [])
        log = [json.loads(line) for line in run(
            "export", "--facility", FACILITY, "--data-dir", path).stdout.splitlines()]
        self.assertEqual([entry["position"] for entry in log], list(range(1, len(log) + 1)))
        self.assertEqual(len(log) - 1, len(receipts))
        expected = [entry["id"] for entry in log if entry["case"] == hot]
        self.assertEqual(follower.seen(len(expected)), expected)
        print(f"{len(receipts)} events from {2 * CLIENTS} clients of two services, "
              f"{len(expected)} of them in one case")


class Follower(threading.Thread):
    """Follows a case by server-sent events, and comes back after each hundred as from a lost line."""

    def __init__(self, port, secret, case):
        super().__init__(daemon=True)
        self.port, self.secret, self.case = port, secret, case
        self.identifiers = []
        self.changed = threading.Condition()
        self.last = None

    def run(self):
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            headers = {"Authorization": f"Bearer {self.secret}", "Accept": "text/event-stream"}
            if self.last is not None:
                headers["Last-Event-ID"] = self.last
            try:
                connection.request("GET", f"/v1/cases/{self.case}/events", headers=headers)
                self.follow(connection.getresponse())
            except (OSError, http.client.HTTPException):
                pass
            finally:
                connection.close()

    def follow(self, response):
        identifier, count = None, 0
        while count < 100:
            line = response.readline().decode().rstrip("\r\n")
            if line.startswith("id:"):
                identifier = line[3:].strip()
            elif line.startswith("data:"):
                with self.changed:
                    self.identifiers.append(json.loads(line[5:])["id"])
                    self.last = identifier
                    self.changed.notify_all()
                count += 1
            elif response.isclosed():
                return

    def seen(self, count):
        with self.changed:
            self.changed.wait_for(lambda: len(self.identifiers) >= count, timeout=60)
            return list(self.identifiers)


if __name__ == "__main__":
    unittest.main()
