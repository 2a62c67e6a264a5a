"""The event store that PyPI offers: `eventsourcing` with psycopg, its default rows."""

import json
import sys

from . import goals, pairs, processes
from .appends import ours
from .pgbench import OURS
from .report import number

PACKAGES = ["eventsourcing==9.5.6", "psycopg[binary,pool]==3.3.9"]


def environment_of_its_own(context):
    """A virtual environment with the peer; returns its Python."""
    folder = context.folder / "peer"
    processes.run([sys.executable, "-m", "venv", folder])
    python = folder / "bin" / "python"
    processes.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                   *PACKAGES])
    return python


def measure(context):
    """1 and 8 callers beside 1 and 8 threads; its replay by pages beside ours of as many events."""
    python = environment_of_its_own(context)
    database = "peer"
    context.database(database)
    environment = {**context.server.environment, "PGDATABASE": database}

    def peer(*arguments):
        output = processes.run(
            [python, context.sources / "Peer" / "eventsourcing_peer.py", *arguments],
            environment=environment)
        return json.loads(output.splitlines()[-1])

    for callers in (1, 8):
        mine, theirs = pairs.alternate(
            f"eventsourcing {callers}", context.pairs, lambda n=callers: ours(context, database, n),
            lambda n=callers: peer("append", n, context.seconds), before=context.server.checkpoint)
        ratio = pairs.ratio(mine, theirs, "perSecond")
        yield goals.row(
            f"eventsourcing-{callers}", ratio["median"], f"{number(mine.median('perSecond'))}/s",
            f"{number(theirs.median('perSecond'))}/s", (ratio["lowest"], ratio["highest"]),
            title=f"durable appends, {callers} caller{'s' if callers > 1 else ''} : "
            "eventsourcing of PyPI, as many threads")
    events = int(context.server.value(
        database, f"SELECT position FROM log.head WHERE facility = '{OURS}'"))

    def replay():
        output = context.benchmark(database, "replay", "--facility", OURS)
        return {"perSecond": events / (output["microseconds"] / 1e6)}

    mine, theirs = pairs.alternate(
        "eventsourcing replay", context.pairs, replay,
        lambda: {"perSecond": peer("replay")["perSecond"]})
    ratio = pairs.ratio(mine, theirs, "perSecond")
    yield goals.row(
        "eventsourcing-replay", ratio["median"], f"{number(mine.median('perSecond'))}/s",
        f"{number(theirs.median('perSecond'))}/s", (ratio["lowest"], ratio["highest"]),
        title="replay into charges : eventsourcing reading its log",
        note="ours folds and derives, the peer only reads, by pages of 1,000")
