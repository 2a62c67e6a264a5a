"""The log read whole: replay, rebuild and verify, beside the least that reads or hashes it."""

import json
import os
import subprocess
import time

from . import goals, pairs, processes
from .pgbench import OURS
from .report import number

# What a replay reads: every column but the facility, of every row.
COLUMNS = ("position, case_id, version, event_id, type, form, occurred_at, time_qualifier, "
           "performer, reason, payload, digest, recorded_at, recorder, claimed_recorded_at, "
           "claimed_recorder, vessel, side, modality, images_stored, lesion, entry_id, leaf_hash")
# The client has one core to itself; the server's process has the other.
ONE_CORE = ["taskset", "-c", "0"]


class Log:
    """A log of simulated cases in a database of its own."""

    def __init__(self, context):
        self.context = context
        self.database = "log"
        context.database(self.database)
        self.events = context.events
        loaded = context.benchmark(
            self.database, "load", "--events", context.events, "--facility", OURS, timeout=3600)
        self.load_rate = loaded["events"] / (loaded["microseconds"] / 1e6)
        context.server.sql(self.database, "VACUUM ANALYZE log.event")
        self.cases = int(context.server.value(
            self.database, "SELECT count(DISTINCT case_id) - 1 FROM log.event"))
        context.say(f"  loaded {self.events:,} events of {self.cases:,} cases, "
                    f"{self.load_rate:,.0f}/s through the appender")

    def measured(self, command, prefix=()):
        """One run of ours: seconds, events a second, and the process's highest memory."""
        begin = time.monotonic()
        output, memory = run_measured(
            [*prefix, self.context.programs / "benchmark", command, "--facility", OURS],
            self.context.environment(self.database))
        # With the program's start and its connection, as of psql.
        seconds = time.monotonic() - begin
        if output["events"] < self.events:
            raise processes.Failure(f"{command} saw {output['events']} of {self.events} events")
        return {"seconds": seconds, "perSecond": self.events / seconds, "megabytes": memory}

    def copy(self):
        """One run of COPY of the same rows and columns, by psql, into nothing."""
        begin = time.monotonic()
        with open(os.devnull, "wb") as nothing:
            self.psql(f"COPY (SELECT {COLUMNS} FROM log.event WHERE facility = '{OURS}') "
                      "TO STDOUT (FORMAT binary)", nothing, ONE_CORE)
        seconds = time.monotonic() - begin
        return {"seconds": seconds, "perSecond": self.events / seconds}

    def psql(self, statement, output, prefix=()):
        result = subprocess.run(
            [*prefix, "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.database, "-c",
             statement], stdout=output, stderr=subprocess.PIPE, text=True, check=False,
            env={**os.environ, **self.context.server.environment})
        if result.returncode:
            raise processes.Failure(f"psql: {result.stderr.strip()}")

    def leaves(self):
        """A file of every leaf's bytes, as PostgreSQL itself writes them."""
        path = self.context.folder / "leaves"
        with open(path, "wb") as file:
            self.psql(f"""COPY (
                SELECT '\\x00'::bytea || record_send(row) FROM (
                  SELECT facility, {COLUMNS.rpartition(", ")[0]} FROM log.event
                  WHERE facility = '{OURS}' ORDER BY position) row) TO STDOUT (FORMAT binary)""",
                      file)
        return path


def run_measured(arguments, environment):
    """Runs one of our programs; what it reports, and its highest resident memory in megabytes."""
    process = subprocess.Popen(
        list(map(str, arguments)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, **environment})
    try:
        output, said = process.communicate(timeout=3600)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if process.returncode:
        raise processes.Failure(f"{arguments[-3]} ended with {process.returncode}: {said[-300:]}")
    report = json.loads(output.splitlines()[-1])
    return report, report.get("residentKilobytes", 0) / 1024


def measure(context):
    """Replay, rebuild, verify."""
    log = Log(context)
    yield {**goals.row("load", log.load_rate, f"{number(log.load_rate)}/s",
                       title=f"a log of {log.events:,} events of {log.cases:,} simulated cases, "
                       "loaded through the appender"), "unit": "events/s"}
    mine, theirs = pairs.alternate(
        "replay", context.pairs, lambda: log.measured("replay", ONE_CORE), log.copy)
    ratio = pairs.ratio(mine, theirs, "perSecond")
    yield goals.row(
        "replay", ratio["median"], f"{number(mine.median('perSecond'))}/s",
        f"{number(theirs.median('perSecond'))}/s", (ratio["lowest"], ratio["highest"]),
        note="every case folded and derived, those that share their patient's day derived with the "
        "others; the client of either side has one core, the server the other")
    memory = max(run["megabytes"] for run in mine.runs)
    yield goals.row("memory-replay", memory, f"{number(memory)} MB", note="the highest (VmHWM)")
    mine, theirs = pairs.alternate(
        "rebuild", min(context.pairs, 2), lambda: log.measured("rebuild"), log.copy,
        before=context.server.checkpoint)
    ratio = pairs.ratio(mine, theirs, "seconds")
    yield goals.row(
        "rebuild", ratio["median"], f"{number(mine.median('seconds'))} s",
        f"{number(theirs.median('seconds'))} s", (ratio["lowest"], ratio["highest"]),
        note=f"rows of {log.cases:,} cases written, the old ones removed; "
        f"{number(mine.median('perSecond'))} events/s")
    yield verify(context, log)


def verify(context, log):
    """Leaves recomputed, by a hash over their bytes."""
    path = log.leaves()

    def peer():
        begin = time.monotonic()
        processes.run(["sha256sum", path])
        return {"seconds": time.monotonic() - begin}

    mine, theirs = pairs.alternate("verify", context.pairs, lambda: log.measured("verify"), peer)
    ratio = pairs.ratio(mine, theirs, "seconds")
    size = path.stat().st_size
    path.unlink()
    return goals.row(
        "verify", ratio["median"], f"{number(mine.median('seconds'))} s",
        f"{number(theirs.median('seconds'))} s", (ratio["lowest"], ratio["highest"]),
        note=f"leaves, gaps, clock and columns of {log.events:,} events, {size / 1e6:,.0f} MB, "
        "read from the database; there is no tree yet")
