"""Pairs: ours, the peer, ours, the peer …, so that what the machine does meanwhile strikes both."""

import math
import statistics
import sys
from dataclasses import dataclass, field


def median(values):
    """The middle value; of an even number, the mean of the two in the middle."""
    return statistics.median(values)


@dataclass
class Sample:
    """One side's values of one measurement, by what they are."""

    runs: list = field(default_factory=list)

    def add(self, run):
        self.runs.append(dict(run))

    def median(self, name):
        return median([run[name] for run in self.runs])


def alternate(name, count, ours, peer, before=lambda: None):
    """Runs both sides in turn, and returns a sample of each."""
    samples = Sample(), Sample()
    for number in range(1, count + 1):
        for sample, side, measure in ((samples[0], "ours", ours), (samples[1], "peer", peer)):
            before()
            run = measure()
            sample.add(run)
            shown = " ".join(f"{key}={value:.6g}" for key, value in run.items())
            print(f"  {name} {number}/{count} {side}: {shown}", file=sys.stderr, flush=True)
    return samples


def ratio(ours, peer, name):
    """The median, lowest and highest of the pairs' ratios; None where the peer has nothing."""
    ratios = [mine[name] / theirs[name] for mine, theirs in zip(ours.runs, peer.runs, strict=True)
              if theirs[name]]
    if not ratios:
        return None
    return {"median": median(ratios), "lowest": min(ratios), "highest": max(ratios)}


def percentile(values, share):
    """The value below which a share of all lies, by the nearest rank."""
    if not values:
        raise ValueError("there is no value")
    ordered = sorted(values)
    rank = min(max(math.ceil(len(ordered) * share), 1), len(ordered))
    return ordered[rank - 1]
