"""How soon the projection shows what was appended, at a fixed rate of events."""

from . import goals, pairs
from .pgbench import OURS
from .report import number

RATE = 1_000


def measure(context):
    """Images in some cases beside each other, and whole cases of a lab."""
    database = "projection"
    context.database(database)
    yield row(context, database, "projected", None)
    yield row(context, database, "projected-cases",
              "append to projected, p99 at 1,000 events/s of whole simulated cases",
              "--mixture", "cases")


def row(context, database, key, title, *options):
    """Runs without a peer: the offered rate is the measure. The median of the runs' p99."""
    runs = []
    for _ in range(context.pairs):
        context.server.checkpoint()
        runs.append(context.benchmark(
            database, "projection", "--rate", RATE, "--seconds", 2 * context.seconds,
            "--facility", OURS, *options))
        context.say(f"  {key}: {runs[-1]}")
    p99 = [run["p99"] / 1000 for run in runs]

    def middle(name):
        return number(pairs.median([run[name] for run in runs]) / 1000)

    result = goals.row(
        key, pairs.median(p99), f"p50 {middle('p50')} ms, p99 {middle('p99')} ms",
        spread=(min(p99), max(p99)), title=title,
        note=f"the append itself, from when it was due: p50 {middle('appendP50')} ms, "
        f"p99 {middle('appendP99')} ms")
    return result | {"unit": "ms"}
