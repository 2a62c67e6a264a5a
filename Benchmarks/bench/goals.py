"""The goals of speed, and whether what was measured reaches them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """One row of the table: what is compared, and where the bar is."""

    key: str
    title: str
    bar: float
    # "at least": more is better; "at most": less is better.
    sense: str
    # "×" is ours by the peer's; anything else is a figure of ours alone.
    unit: str = "×"

    def meets(self, value):
        return value >= self.bar if self.sense == "at least" else value <= self.bar

    def share(self, value):
        """How far a value goes towards the bar: 1 is just met, more is always better."""
        if value <= 0:
            raise ValueError(f"{self.key} cannot be {value}")
        return value / self.bar if self.sense == "at least" else self.bar / value

    @property
    def bar_text(self):
        sign = "≥" if self.sense == "at least" else "≤"
        return f"{sign} {self.bar:g} {self.unit}"


GOALS = [
    Goal("appends-64", "durable appends, 64 callers : pgbench", 2.5, "at least"),
    Goal("appends-256", "durable appends, 256 callers : pgbench", 3, "at least"),
    Goal("slow-disk-64", "2 ms more a flush, 64 callers : pgbench", 1.5, "at least"),
    Goal("slow-disk-256", "2 ms more a flush, 256 callers : pgbench", 2.5, "at least"),
    Goal("http-64", "over HTTP, an event a request, 64 connections : pgbench", 1,
         "at least"),
    Goal("latency-1", "latency of one caller, p50 : one client of pgbench", 1.3, "at most"),
    Goal("hot-case-64", "one hot case, 64 callers : a row lock a case", 5, "at least"),
    Goal("projected", "append to projected, p99 at 1,000 events/s", 25, "at most", "ms"),
    Goal("replay", "replay into charges, one core : COPY of the columns", 0.8, "at least"),
    Goal("rebuild", "rebuild, time : that COPY", 3, "at most"),
    Goal("verify", "verify leaves, time : sha256sum of their bytes", 2, "at most"),
    Goal("grown", "appends to a grown log : to a small one", 0.9, "at least"),
    Goal("memory-serve", "resident memory of serve under load", 150, "at most", "MB"),
    Goal("memory-replay", "resident memory of replay", 150, "at most", "MB"),
]
BY_KEY = {goal.key: goal for goal in GOALS}


def row(key, value, ours=None, peer=None, spread=None, note="", title=None):
    """One measured row; a key that is no goal's is a figure without a bar.

    `ours` and `peer` are texts with their units; `spread` is the lowest and highest of the pairs.
    """
    goal = BY_KEY.get(key)
    result = {"key": key, "title": title or (goal.title if goal else key), "value": value,
              "unit": goal.unit if goal else "×", "ours": ours, "peer": peer, "spread": spread,
              "note": note, "bar": None, "met": None}
    if goal:
        result |= {"bar": goal.bar, "sense": goal.sense, "barText": goal.bar_text,
                   "met": goal.meets(value), "share": goal.share(value)}
    return result


def failed(key, reason):
    """A row that could not be measured, and why."""
    goal = BY_KEY.get(key)
    return {"key": key, "title": goal.title if goal else key, "value": None, "note": reason,
            "bar": goal.bar if goal else None, "barText": goal.bar_text if goal else None,
            "met": None}
