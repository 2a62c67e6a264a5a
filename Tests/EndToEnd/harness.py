"""What the tests from end to end share: the built program, a service on a database of its own, HTTP.

Standard library only, but for what `package` finds. CATHLOG names the program; else the debug build
is used.
"""

import contextlib
import http.client
import importlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import uuid
from datetime import datetime, timedelta, timezone

ROOT = pathlib.Path(__file__).resolve().parents[2]
CASES = ROOT / "Tests" / "Cases"
PROGRAM = os.environ.get("CATHLOG") or str(ROOT / ".build" / "debug" / "cathlog")
FACILITY = "general"


def package(name):
    """A module that stands in requirements.txt; a test that needs it never passes without it."""
    try:
        return importlib.import_module(name)
    except ImportError as missing:
        raise ImportError(
            f"{name} is missing: Tests/EndToEnd/install puts it into .build/python, "
            "with which Tests/EndToEnd/run runs the tests.") from missing


def run(*arguments, data=None, environment=None, check=True):
    """Runs the program to its end; raises with what it said when it fails."""
    result = subprocess.run(
        [PROGRAM, *map(str, arguments)], input=data, capture_output=True, timeout=300,
        env={**os.environ, **(environment or {})})
    if check and result.returncode != 0:
        raise AssertionError(
            f"cathlog {arguments} ended with {result.returncode}: {result.stderr.decode()}")
    return result


def now(**offset):
    """A time for an event, in UTC."""
    return (datetime.now(timezone.utc) + timedelta(**offset)).isoformat()


def event(kind, data, **fields):
    """An event with a new id that happens now."""
    return {"id": str(uuid.uuid4()), "type": kind, "occurredAt": now(), "data": data, **fields}


def opening(**fields):
    """The event that opens a case."""
    return event("case-opened", {
        "facility": FACILITY, "room": "Lab 2", "serviceDate": now()[:10], "timeZone": "UTC",
        "setting": "hospital-outpatient", "operator": "dr-114", **fields})


def image(vessel, side=None, **fields):
    """The event of a vessel imaged by IVUS."""
    data = {"modality": "IVUS", "vessel": vessel, "phase": "diagnostic", "imagesStored": True}
    if side:
        data["side"] = side
    return event("image-acquired", {**data, **fields})


class Client:
    """One connection to the service, in one role."""

    opened = []

    def __init__(self, port, token):
        self.port = port
        self.token = token
        self.connection = None
        self.opened.append(self)

    def call(self, method, path, body=None, headers=None):
        """The status, the decoded body and the headers of one request."""
        headers = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        decoded = text
        kind = response.getheader("Content-Type") or ""
        if "json" in kind and "ndjson" not in kind:
            decoded = json.loads(text)
        return response.status, decoded, response.headers

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def append(self, case, events, **headers):
        """Appends, and returns the receipts; raises unless it is stored."""
        status, body, _ = self.call("POST", f"/v1/cases/{case}/events", events, headers)
        if status not in (200, 201):
            raise AssertionError(f"{status}: {body}")
        return body


class Service:
    """`cathlog serve` in a process group of its own, so that it can be killed with no goodbye."""

    def __init__(self, folder, *arguments, environment=None, before=()):
        self.folder = folder
        self.before = before
        self.arguments = arguments
        self.environment = environment or {}
        self.process = None
        self.port = None
        self.lines = []
        self.errors = []
        self.readers = []

    def start(self):
        self.lines, self.errors = [], []
        self.process = subprocess.Popen(
            [*self.before, PROGRAM, "serve", "--data-dir", self.folder, "--port", "0", *self.arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, **self.environment})
        # Both are read to their end, since a full pipe would hold the service up.
        said = threading.Condition()
        self.readers = [
            threading.Thread(target=self.read, args=(self.process.stdout, self.lines, said)),
            threading.Thread(target=self.read, args=(self.process.stderr, self.errors, said))]
        for reader in self.readers:
            reader.start()
        with said:
            said.wait_for(lambda: self.find_port() or self.process.poll() is not None, 120)
        if self.port is None:
            self.process.kill()
            self.end(60)
            raise AssertionError(
                f"serve ended with {self.process.returncode}: "
                f"{''.join(self.lines)}{''.join(self.errors)}")
        return self

    @staticmethod
    def read(pipe, lines, said):
        with pipe:
            for line in pipe:
                with said:
                    lines.append(line)
                    said.notify_all()
        with said:
            said.notify_all()

    def find_port(self):
        found = re.search(r"ready: http://127\.0\.0\.1:(\d+)", "".join(self.lines))
        self.port = int(found.group(1)) if found else None
        return found

    def end(self, seconds):
        status = self.process.wait(timeout=seconds)
        for reader in self.readers:
            reader.join()
        return status

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.end(60)

    def stop(self):
        """Ends as an operator would; returns the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.end(120)


@contextlib.contextmanager
def folder():
    """A folder for a database, removed afterwards; the server's account may pass to it."""
    path = tempfile.mkdtemp(prefix="cathlog-e2e-", dir="/tmp")
    os.chmod(path, 0o755)
    try:
        yield os.path.join(path, "data")
    finally:
        while Client.opened:
            Client.opened.pop().close()
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def service(*arguments, environment=None):
    """A running service with one facility."""
    with folder() as path:
        running = Service(path, *arguments, environment=environment).start()
        try:
            run("facility", "create", FACILITY, "--time-zone", "America/New_York",
                "--data-dir", path)
            yield running
        finally:
            if running.process.poll() is None:
                running.stop()


def token(path, *roles, person="rn-204"):
    """A new token in these roles."""
    options = [part for role in roles for part in ("--role", role)]
    output = run("token", "create", *options, "--person", person, "--facility", FACILITY,
                 "--format", "json", "--data-dir", path)
    return json.loads(output.stdout)["token"]


def lines_of(document):
    """The lines of a derivation as a comparable list."""
    return document["lines"]


def wait_for(condition, seconds=30):
    """Asks until the condition holds; the projector needs an instant after an append."""
    deadline = datetime.now() + timedelta(seconds=seconds)
    pause = threading.Event()
    while True:
        value = condition()
        if value or datetime.now() > deadline:
            return value
        pause.wait(0.02)
