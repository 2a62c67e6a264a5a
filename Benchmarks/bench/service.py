"""`cathlog serve` as a process of its own."""

import contextlib
import json
import re
import subprocess
import threading
import time

from . import processes


class Service:
    """A running service: its port, its process, what it said."""

    def __init__(self, process):
        self.process = process
        self.lines = []
        self.port = None
        self.is_ready = threading.Event()
        # Read to the end, since a full pipe would hold the service up.
        self.readers = [threading.Thread(target=self.read, args=(pipe,), daemon=True)
                        for pipe in (process.stdout, process.stderr)]
        for reader in self.readers:
            reader.start()

    def read(self, pipe):
        for line in pipe:
            self.lines = [*self.lines[-20:], line.strip()]
            found = re.search(r"ready: http://127\.0\.0\.1:(\d+)", line)
            if found:
                self.port = int(found[1])
                self.is_ready.set()
        self.is_ready.set()

    def resident(self, field="VmRSS"):
        return processes.resident_megabytes(self.process.pid, field)


@contextlib.contextmanager
def serving(context, database):
    """The service on a database, until the block ends."""
    with processes.running(
            [context.cathlog, "serve", "--port", "0", "--log-level", "error"],
            environment=context.environment(database), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True) as process:
        service = Service(process)
        service.is_ready.wait(60)
        if service.port is None:
            raise processes.Failure(f"serve did not start: {' | '.join(service.lines[-3:])}")
        yield service


def token(context, database, facility):
    """A token with which to record."""
    output = processes.run(
        [context.cathlog, "token", "create", "--role", "recorder", "--person", "rn-204",
         "--facility", facility, "--format", "json"],
        environment=context.environment(database))
    return json.loads(output)["token"]


def log_end(context, database, facility):
    """The last position of a log."""
    return int(context.server.value(
        database, f"SELECT position FROM log.head WHERE facility = '{facility}'"))


def projected(context, database, facility):
    """The position up to which the log is projected."""
    return int(context.server.value(
        database, "SELECT coalesce(max(position), 0) FROM projection.checkpoint "
        f"WHERE facility = '{facility}' AND is_active"))


def wait_until_projected(context, database, facility, seconds=300):
    """Waits until the projection has caught up; returns the seconds that took."""
    end = log_end(context, database, facility)
    begin = time.monotonic()
    while projected(context, database, facility) < end:
        if time.monotonic() - begin > seconds:
            raise processes.Failure(f"the projection did not catch up within {seconds} s")
        time.sleep(0.1)
    return time.monotonic() - begin
