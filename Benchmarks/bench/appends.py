"""Appends through the library, beside pgbench that inserts such rows into the same table."""

from . import goals, pairs, processes
from .pgbench import OURS, Pgbench
from .report import number


def peer(context, database):
    """pgbench in a database where the appender has stored something."""
    context.database(database)
    context.benchmark(database, "append", "--callers", 8, "--seconds", 1, "--facility", OURS)
    return Pgbench(context, database)


def ours(context, database, callers, *flags):
    """One run of the appender."""
    return context.benchmark(
        database, "append", "--callers", callers, "--seconds", context.seconds, "--facility", OURS,
        *flags)


def compare(context, database, bench, callers, name, key, title=None):
    """One row: events a second of so many callers, by rows a second of so many clients."""
    mine, theirs = pairs.alternate(
        name, context.pairs, lambda: ours(context, database, callers),
        lambda: bench.run(callers, percentiles=callers == 1), before=context.server.checkpoint)
    ratio = pairs.ratio(mine, theirs, "perSecond")
    row = goals.row(
        key, ratio["median"], f"{number(mine.median('perSecond'))}/s",
        f"{number(theirs.median('perSecond'))}/s", (ratio["lowest"], ratio["highest"]),
        title=title)
    return row, mine, theirs


def latency(mine, theirs):
    """The row of one caller's latency."""
    ratio = pairs.ratio(mine, theirs, "p50")

    def shown(sample):
        return (f"p50 {number(sample.median('p50'))} µs, "
                f"p99 {number(sample.median('p99'))} µs")

    return goals.row("latency-1", ratio["median"], shown(mine), shown(theirs),
                     (ratio["lowest"], ratio["highest"]))


def measure(context):
    """1, 8, 64 and 256 callers."""
    database = "appends"
    bench = peer(context, database)
    for callers in (1, 8, 64, 256):
        row, mine, theirs = compare(
            context, database, bench, callers, f"appends {callers}", f"appends-{callers}",
            None if callers >= 64 else f"durable appends, {callers} "
            f"caller{'s' if callers > 1 else ''} : pgbench")
        if callers == 1:
            yield latency(mine, theirs)
        yield row
    size = bench.compare_rows()
    context.say(f"  the rows of both sides are equally big, {size:g} bytes")


def measure_hot_case(context):
    """All callers in one case."""
    database = "hot"
    bench = peer(context, database)
    case = "00000000-0000-4000-8000-000000000001"
    context.server.sql(database, f"INSERT INTO public.plain_case VALUES ('{case}', 0)")
    mine, theirs = pairs.alternate(
        "hot case", context.pairs, lambda: ours(context, database, 64, "--one-case"),
        lambda: bench.run(64, "hot_case.sql", case=f"'{case}'"), before=context.server.checkpoint)
    ratio = pairs.ratio(mine, theirs, "perSecond")
    yield goals.row(
        "hot-case-64", ratio["median"], f"{number(mine.median('perSecond'))}/s",
        f"{number(theirs.median('perSecond'))}/s", (ratio["lowest"], ratio["highest"]))


def measure_slow_disk(context):
    """64 and 256 callers while each flush takes 2 ms more."""
    library = context.folder / "slow_disk.so"
    processes.run(["cc", "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library,
                   context.sources / "SlowDisk" / "slow_disk.c", "-ldl"])
    library.chmod(0o755)
    database = "slow"
    bench = peer(context, database)
    context.server.stop()
    context.server.start(str(library), 2000)
    try:
        for callers in (64, 256):
            yield compare(
                context, database, bench, callers, f"slow disk {callers}",
                f"slow-disk-{callers}")[0]
    finally:
        context.server.stop()
        context.server.start()
