"""What a run printed, kept and showed: the table of goals, and JSON."""

import json
import pathlib

from .goals import GOALS


def number(value):
    """A figure in three places that count, with commas: 12,300 or 2.31 or 0.0412."""
    if value is None:
        return "–"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def measured(row):
    """A row's figure with its unit and, of pairs, its spread."""
    if row.get("value") is None:
        return "not measured"
    text = f"{number(row['value'])} {row['unit']}"
    if row.get("spread"):
        text += f" ({number(row['spread'][0])}–{number(row['spread'][1])})"
    return text


def verdict(row):
    """Whether the bar is reached, in a word."""
    return {True: "met", False: "missed", None: "–"}[row.get("met")]


def in_order(rows):
    """The goals in the order of the design's table, then figures without a bar as they came."""
    order = {goal.key: place for place, goal in enumerate(GOALS)}
    return sorted(rows, key=lambda row: order.get(row["key"], len(order)))


def table(rows):
    """The rows as a table in Markdown."""
    lines = ["| what | ours | peer | reached (lowest–highest pair) | bar | |",
             "|---|---|---|---|---|---|"]
    for row in in_order(rows):
        lines.append(
            f"| {row['title']} | {row.get('ours') or '–'} | {row.get('peer') or '–'} "
            f"| {measured(row)} | {row.get('barText') or '–'} | {verdict(row)} |")
    notes = [f"- {row['title']}: {row['note']}" for row in in_order(rows) if row.get("note")]
    return "\n".join(lines + ([""] + notes if notes else []))


def machine_line(machine):
    """The machine in one sentence."""
    return (f"{machine['processor']}, {machine['cores']} cores, "
            f"{machine['memoryMegabytes'] / 1024:.0f} GB, Linux {machine['kernel']}, "
            f"PostgreSQL {machine['postgresql']}, a flush {machine['syncMilliseconds']:g} ms; "
            f"{machine['date'][:10]}, {machine['commit']}")


def write(folder, document):
    """Keeps a run by its date and commit; returns the path without its ending."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    machine = document["machine"]
    base = folder / f"{machine['date'][:10]}-{machine['commit'].replace('+', '-')}"
    base.with_suffix(".json").write_text(
        json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return base
