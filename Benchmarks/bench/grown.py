"""Appends to a log that has grown, beside appends to a small one."""

from . import goals, pairs, processes
from .appends import ours
from .pgbench import OURS, Pgbench
from .report import number

PIECE = 500_000
CALLERS = 64


def grow(context, database, bench, events):
    """Grows our log to so many events within the server; the rows verify, their hashes are real."""
    script = bench.script("grow.sql")
    while True:
        end = int(context.server.value(
            database, f"SELECT position FROM log.head WHERE facility = '{OURS}'"))
        if end >= events:
            break
        processes.run(
            ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", f"facility={OURS}",
             "-v", f"count={min(PIECE, events - end)}", "-d", database, "-f", script],
            environment={**context.server.environment, "PGOPTIONS": "-c role=cathlog_writer"},
            timeout=3600)
        context.say(f"  {database}: {min(end + PIECE, events):,} events")
    context.server.sql(database, "VACUUM ANALYZE log.event")


def measure(context):
    """64 callers into both logs, in turn."""
    sizes = {"small": min(1_000_000, context.grown // 5), "grown": context.grown}
    for database, events in sizes.items():
        context.database(database)
        context.benchmark(
            database, "append", "--callers", 8, "--seconds", 1, "--facility", OURS)
        bench = Pgbench(context, database)
        grow(context, database, bench, events)
        check(context, database)
    mine, theirs = pairs.alternate(
        "grown", context.pairs, lambda: ours(context, "grown", CALLERS),
        lambda: ours(context, "small", CALLERS), before=context.server.checkpoint)
    ratio = pairs.ratio(mine, theirs, "perSecond")
    full = "" if context.grown >= 50_000_000 else "; the full size is --grown 50000000"
    yield goals.row(
        "grown", ratio["median"], f"{number(mine.median('perSecond'))}/s",
        f"{number(theirs.median('perSecond'))}/s", (ratio["lowest"], ratio["highest"]),
        note=f"{CALLERS} callers at {sizes['grown']:,} events, by {sizes['small']:,}; the logs "
        f"were grown within the server, with right leaf hashes and one payload{full}")


def check(context, database):
    """The last rows must be what verify accepts: their hashes are computed again, by the server."""
    wrong = int(context.server.value(database, f"""
        SELECT count(*) FROM (
          SELECT * FROM log.event WHERE facility = '{OURS}' ORDER BY position DESC LIMIT 10000) e
        CROSS JOIN LATERAL (
          SELECT e.facility, e.position, e.case_id, e.version, e.event_id, e.type, e.form,
            e.occurred_at, e.time_qualifier, e.performer, e.reason, e.payload, e.digest,
            e.recorded_at, e.recorder, e.claimed_recorded_at, e.claimed_recorder, e.vessel, e.side,
            e.modality, e.images_stored, e.lesion, e.entry_id OFFSET 0) stored
        WHERE sha256('\\x00'::bytea || record_send(stored)) <> e.leaf_hash"""))
    if wrong:
        raise processes.Failure(f"{wrong} of the last rows have a wrong leaf hash")
