"""What the tables say must be what was measured: the arithmetic, the verdicts, the picture."""

import contextlib
import io
import json
import pathlib
import sys
import tempfile
import unittest
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from bench import chart, goals, pairs, pgbench, report  # noqa: E402

MACHINE = {
    "date": "2026-03-02T08:00:00Z", "commit": "0123456789", "processor": "P", "cores": 2,
    "memoryMegabytes": 24_105, "kernel": "6.1", "postgresql": "15.20", "syncMilliseconds": 0.1}


def sample(*values, name="perSecond"):
    result = pairs.Sample()
    for value in values:
        result.add({name: value})
    return result


class Arithmetic(unittest.TestCase):
    def test_the_ratio_is_the_median_of_the_pairs_not_of_the_sides(self):
        ratio = pairs.ratio(sample(10, 40, 90), sample(10, 20, 30), "perSecond")
        self.assertEqual(ratio, {"median": 2, "lowest": 1, "highest": 3})

    def test_of_two_pairs_the_ratio_lies_in_the_middle(self):
        self.assertEqual(pairs.ratio(sample(1, 3), sample(1, 1), "perSecond")["median"], 2)

    def test_a_peer_that_did_nothing_gives_no_ratio(self):
        self.assertIsNone(pairs.ratio(sample(10), sample(0), "perSecond"))

    def test_sides_of_different_length_are_no_pairs(self):
        with self.assertRaises(ValueError):
            pairs.ratio(sample(10, 20), sample(10), "perSecond")

    def test_a_percentile_is_one_of_the_values_by_the_nearest_rank(self):
        for share, expected in ((0.5, 50), (0.99, 99), (1, 100), (0.001, 1)):
            self.assertEqual(pairs.percentile(range(100, 0, -1), share), expected)
        self.assertEqual(pairs.percentile([7], 0.99), 7)
        with self.assertRaises(ValueError):
            pairs.percentile([], 0.5)

    def test_both_sides_take_turns_and_start_alike(self):
        order = []

        def side(name):
            return lambda: order.append(name) or {"perSecond": len(order)}

        with contextlib.redirect_stderr(io.StringIO()):
            ours, peer = pairs.alternate(
                "turns", 2, side("ours"), side("peer"), before=lambda: order.append("before"))
        self.assertEqual(order, ["before", "ours", "before", "peer"] * 2)
        self.assertEqual([run["perSecond"] for run in ours.runs], [2, 6])
        self.assertEqual([run["perSecond"] for run in peer.runs], [4, 8])

    def test_latencies_of_pgbench_are_its_third_column(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "log.1")
            path.write_text("0 0 30 0 1700000000 5\n0 1 10 0 1700000000 6\n0 2 20 0 1 7\n",
                            encoding="ascii")
            self.assertEqual(pgbench.latencies([path]), {"p50": 20, "p99": 30})
            self.assertFalse(path.exists())


class Goals(unittest.TestCase):
    def test_a_goal_is_met_at_its_bar_and_missed_beyond_it(self):
        for key, met, missed in (
                ("appends-64", 2.5, 2.499), ("latency-1", 1.3, 1.301), ("projected", 25, 25.1),
                ("memory-serve", 150, 150.1), ("grown", 0.9, 0.899)):
            self.assertIs(goals.row(key, met)["met"], True, key)
            self.assertIs(goals.row(key, missed)["met"], False, key)

    def test_twice_as_good_as_the_bar_is_twice_its_share_whatever_the_sense(self):
        self.assertAlmostEqual(goals.row("appends-64", 5)["share"], 2)
        self.assertAlmostEqual(goals.row("rebuild", 1.5)["share"], 2)
        self.assertAlmostEqual(goals.row("rebuild", 6)["share"], 0.5)

    def test_a_value_that_cannot_be_is_refused(self):
        for value in (0, -1):
            with self.assertRaises(ValueError):
                goals.row("rebuild", value)

    def test_the_bars_are_those_of_the_design(self):
        self.assertEqual({goal.key: goal.bar_text for goal in goals.GOALS}, {
            "appends-64": "≥ 2.5 ×", "appends-256": "≥ 3 ×", "slow-disk-64": "≥ 1.5 ×",
            "slow-disk-256": "≥ 2.5 ×", "http-64": "≥ 1 ×", "latency-1": "≤ 1.3 ×",
            "hot-case-64": "≥ 5 ×", "projected": "≤ 25 ms", "replay": "≥ 0.8 ×",
            "rebuild": "≤ 3 ×", "verify": "≤ 2 ×", "grown": "≥ 0.9 ×",
            "memory-serve": "≤ 150 MB", "memory-replay": "≤ 150 MB"})


class Report(unittest.TestCase):
    def rows(self):
        return [
            goals.row("other", 4, "4/s", "1/s", title="a figure without a bar"),
            goals.row("latency-1", 1.5, "p50 15 µs", "p50 10 µs", (1.4, 1.6)),
            goals.row("appends-64", 3, "30,000/s", "10,000/s", (2.4, 3.2), note="a note"),
            goals.failed("http-64", "wrk is missing"),
        ]

    def test_the_table_says_what_was_reached_in_the_order_of_the_design(self):
        lines = report.table(self.rows()).splitlines()
        self.assertEqual(len({line.count("|") for line in lines[:6]}), 1)
        appends, http, latency, other = lines[2:6]
        for part in ("30,000/s", "10,000/s", "3 × (2.4–3.2)", "≥ 2.5 ×", "| met |"):
            self.assertIn(part, appends)
        self.assertIn("not measured", http)
        self.assertNotIn("met |", http)
        for part in ("1.5 × (1.4–1.6)", "≤ 1.3 ×", "| missed |"):
            self.assertIn(part, latency)
        self.assertIn("| 4 × | – | – |", other)
        self.assertEqual(lines[7:], [
            f"- {goals.BY_KEY['appends-64'].title}: a note",
            f"- {goals.BY_KEY['http-64'].title}: wrk is missing"])

    def test_figures_keep_three_places(self):
        for value, text in ((12_345.6, "12,346"), (2.345, "2.35"), (0.04123, "0.0412"),
                            (99.96, "100"), (None, "–")):
            self.assertEqual(report.number(value), text)

    def test_a_run_is_kept_whole(self):
        document = {"machine": MACHINE, "pairs": 3, "rows": self.rows()}
        with tempfile.TemporaryDirectory() as folder:
            base = report.write(folder, document)
            self.assertEqual(base.name, "2026-03-02-0123456789")
            kept = json.loads(base.with_suffix(".json").read_text(encoding="utf-8"))
        self.assertEqual(kept, json.loads(json.dumps(document)))

    def test_the_picture_shows_each_goal_on_its_side_of_the_bar(self):
        document = {"machine": MACHINE, "pairs": 3, "rows": self.rows()}
        picture = xml.etree.ElementTree.fromstring(chart.draw(document))
        space = "{http://www.w3.org/2000/svg}"
        bars = {part.get("class"): part for part in picture.iter(f"{space}rect")}
        goal = chart.place(1)
        met, missed = bars["met"], bars["missed"]
        self.assertAlmostEqual(float(met.get("x")), goal, 0)
        self.assertAlmostEqual(float(met.get("width")), chart.place(1.2) - goal, 0)
        self.assertAlmostEqual(float(missed.get("x")) + float(missed.get("width")), goal, 0)
        said = " ".join("".join(part.itertext()) for part in picture.iter(f"{space}text"))
        self.assertIn("not measured", said)
        self.assertNotIn("a figure without a bar", said)

    def test_what_lies_beyond_the_axis_ends_at_it(self):
        self.assertAlmostEqual(chart.place(1e9), chart.place(chart.HIGHEST))
        self.assertAlmostEqual(chart.place(1e-9), chart.place(chart.LOWEST))


if __name__ == "__main__":
    unittest.main()
