#!/usr/bin/env python3
"""Measures Cathlog beside its peers, in pairs; prints the table of goals, keeps it as JSON and SVG.

`script/bench` builds what is measured and calls this. Standard library only.
"""

import argparse
import pathlib
import signal
import sys
import time

from bench import (
    appends, charges, chart, context, goals, grown, http, machine, peer, processes, projection,
    reading, report, server)

# In the order in which they run; each yields rows of the table.
MEASUREMENTS = {
    "appends": (appends.measure, ["latency-1", "appends-64", "appends-256"]),
    "hot-case": (appends.measure_hot_case, ["hot-case-64"]),
    "http": (http.measure, ["http-64", "memory-serve"]),
    "projection": (projection.measure, ["projected"]),
    "reading": (reading.measure, ["replay", "memory-replay", "rebuild", "verify"]),
    "charges": (charges.measure, ["charges-csv"]),
    "peer": (peer.measure, ["eventsourcing-1", "eventsourcing-8", "eventsourcing-replay"]),
    "grown": (grown.measure, ["grown"]),
    "slow-disk": (appends.measure_slow_disk, ["slow-disk-64", "slow-disk-256"]),
}
# What takes too long to be measured unless it is asked for.
ON_REQUEST = {"grown"}


def arguments():
    parser = argparse.ArgumentParser(
        prog="script/bench", description="Measures Cathlog beside its peers, in pairs.")
    parser.add_argument("--only", nargs="+", choices=MEASUREMENTS, metavar="NAME",
                        help="measure these alone: " + ", ".join(MEASUREMENTS))
    parser.add_argument("--quick", action="store_true",
                        help="short runs and a small log, within 5 minutes: a look, not a figure")
    parser.add_argument("--seconds", type=int, help="seconds a run (4; quick 2)")
    parser.add_argument("--pairs", type=int, help="pairs a row (3; quick 1)")
    parser.add_argument("--events", type=int,
                        help="events of the log that is read (1000000; quick 100000)")
    parser.add_argument("--charges", type=int,
                        help="entries of the ledger that is pulled (1000000; quick 100000)")
    parser.add_argument("--grown", type=int, default=5_000_000,
                        help="events of the log that is grown (5000000)")
    parser.add_argument("--results", type=pathlib.Path,
                        default=context.BENCHMARKS / "results", help="where the run is kept")
    parser.add_argument("--programs", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.seconds = options.seconds or (2 if options.quick else 4)
    options.pairs = options.pairs or (1 if options.quick else 3)
    options.events = options.events or (100_000 if options.quick else 1_000_000)
    options.charges = options.charges or (100_000 if options.quick else 1_000_000)
    return options


def measure(name, run):
    """The rows of one measurement; where it fails, rows that say why."""
    function, keys = MEASUREMENTS[name]
    begin = time.monotonic()
    rows = []
    run.say(f"{name}:")
    try:
        for row in function(run):
            rows.append(row)
            run.say(f"  {row['title']}: {report.measured(row)} {report.verdict(row)}")
    except processes.Failure as error:
        run.say(f"  not measured: {error}")
        done = {row["key"] for row in rows}
        rows += [goals.failed(key, str(error)) for key in keys if key not in done] or [
            goals.failed(name, str(error))]
    run.say(f"  {time.monotonic() - begin:.0f} s")
    return rows


def main():
    options = arguments()
    # A signal ends it as an error would: everything that was started is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    begin = time.monotonic()
    with server.temporary() as running:
        run = context.Context(
            server=running, programs=options.programs, seconds=options.seconds,
            pairs=options.pairs, events=options.events, grown=options.grown,
            charges=options.charges)
        described = machine.describe(running, context.ROOT)
        run.say(report.machine_line(described))
        names = options.only or [name for name in MEASUREMENTS if name not in ON_REQUEST]
        rows = [row for name in MEASUREMENTS if name in names for row in measure(name, run)]
    document = {
        "machine": described, "pairs": options.pairs, "secondsPerRun": options.seconds,
        "events": options.events, "quick": options.quick,
        "tookSeconds": round(time.monotonic() - begin), "rows": report.in_order(rows)}
    base = report.write(options.results, document)
    base.with_suffix(".svg").write_text(chart.draw(document), encoding="utf-8")
    print(report.machine_line(described) + "\n\n" + report.table(rows))
    run.say(f"kept as {base}.json and .svg; it took {document['tookSeconds']} s")
    return 1 if any(row["value"] is None for row in rows) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except processes.Failure as error:
        print(f"bench: {error}", file=sys.stderr)
        sys.exit(69)
