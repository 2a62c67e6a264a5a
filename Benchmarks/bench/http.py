"""Appends over HTTP by wrk, one event a request, and the memory of the service meanwhile."""

import json
import shutil
import threading

from . import appends, goals, pairs, processes, service
from .pgbench import OURS
from .report import number

CONNECTIONS = 64
# More than any run of these lengths can fill at 50 events a case.
CASES_PER_SECOND = 1_000


class Memory:
    """Samples a service's resident memory twice a second."""

    def __init__(self, running):
        self.running = running
        self.samples = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def watch(self):
        while not self.ended.wait(0.5):
            self.samples.append(round(self.running.resident(), 1))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()


class Load:
    """Runs of wrk against one service."""

    def __init__(self, context, database, running):
        self.context = context
        self.database = database
        self.running = running
        self.token = service.token(context, database, OURS)
        self.behind = []

    def open_cases(self):
        """A file of cases that are open and take nothing else."""
        count = CASES_PER_SECOND * self.context.seconds
        path = self.context.folder / f"cases-{self.context.number()}"
        path.write_text(processes.run(
            [self.context.programs / "benchmark", "open-cases", "--count", count,
             "--facility", OURS],
            environment=self.context.environment(self.database)), encoding="ascii")
        self.catch_up()
        return path

    def catch_up(self):
        return service.wait_until_projected(self.context, self.database, OURS)

    def run(self):
        cases = self.open_cases()
        begin = service.log_end(self.context, self.database, OURS)
        output = processes.run(
            ["wrk", "-t", 2, "-c", CONNECTIONS, "-d", f"{self.context.seconds}s", "--latency",
             "-s", self.context.sources / "HTTP" / "append.lua",
             f"http://127.0.0.1:{self.running.port}/", "--", cases, self.context.number()],
            environment={"TOKEN": self.token})
        said = json.loads(output.splitlines()[-1])
        done = service.projected(self.context, self.database, OURS)
        end = service.log_end(self.context, self.database, OURS)
        if said["refused"] or said["broken"] or end - begin < said["requests"]:
            raise processes.Failure(
                f"of {said['requests']} requests {said['refused']} were refused and "
                f"{said['broken']} broke; {end - begin} events were stored")
        # The peer must not run beside what is left to do.
        self.behind.append((end - done, self.catch_up()))
        return {"perSecond": said["requests"] / (said["microseconds"] / 1e6),
                "p50": said["p50"], "p99": said["p99"]}


def measure(context):
    """64 connections, beside pgbench -c 64 in the same database."""
    if not shutil.which("wrk"):
        raise processes.Failure("wrk is missing: apt-get install wrk")
    database = "http"
    bench = appends.peer(context, database)
    with service.serving(context, database) as running:
        load = Load(context, database, running)
        load.catch_up()
        before = running.resident()
        with Memory(running) as memory:
            mine, theirs = pairs.alternate(
                "http", context.pairs, load.run, lambda: bench.run(CONNECTIONS),
                before=context.server.checkpoint)
        highest = running.resident("VmHWM")
    ratio = pairs.ratio(mine, theirs, "perSecond")
    backlog = max(count for count, _ in load.behind)
    yield goals.row(
        "http-64", ratio["median"],
        f"{number(mine.median('perSecond'))}/s, p50 {number(mine.median('p50') / 1000)} ms",
        f"{number(theirs.median('perSecond'))}/s", (ratio["lowest"], ratio["highest"]),
        note=f"the service projects meanwhile and was at most {backlog:,} events behind, caught up "
        f"in {max(seconds for _, seconds in load.behind):.1f} s; wrk takes a part of the cores")
    yield goals.row(
        "memory-serve", highest, f"{number(before)} MB before the load, "
        f"{number(memory.samples[-1])} MB after it",
        note="the highest (VmHWM) while it served the load above")
