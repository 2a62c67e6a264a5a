"""The table of goals as a picture: how far each reaches towards its bar. Light and dark."""

import math
from xml.sax.saxutils import escape

from .report import in_order, machine_line, number

WIDTH = 960
LABEL = 400
PLOT = 330
REACHED, GOAL = 852, WIDTH - 20
ROW = 30
TOP = 96
BAR = 14
# The axis is of factors: a value twice as good as its bar lies as far right of it as one half as
# good lies left.
LOWEST, HIGHEST = 1 / 16, 8
STYLE = """
  text { font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2328 }
  .title { font-size: 17px; font-weight: 600 }
  .small { font-size: 11.5px; fill: #59636e }
  .figure { font-size: 12px }
  .strong { font-size: 12.5px; font-weight: 600 }
  .ground { fill: #ffffff }
  .grid { stroke: #d1d9e0 }
  .goal { stroke: #1f2328; stroke-width: 1.5 }
  .met { fill: #1a7f5a }
  .missed { fill: #c4622d }
  .spread { stroke: #1f2328; stroke-opacity: .55 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9198a1 } .ground { fill: #0d1117 }
    .grid { stroke: #30363d } .goal { stroke: #e6edf3 } .spread { stroke: #e6edf3 }
    .met { fill: #3fb98a } .missed { fill: #e08a57 }
  }
"""


def place(share):
    """Where a share of the bar lies on the axis."""
    bounded = min(max(share, LOWEST), HIGHEST)
    return LABEL + PLOT * math.log(bounded / LOWEST) / math.log(HIGHEST / LOWEST)


def text(x, y, content, kind="", anchor="start"):
    classes = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{classes}>{escape(content)}</text>'


def line(x1, y1, x2, y2, kind):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def bar(row, y):
    """One row: its label, its bar from the goal's line on, its figure."""
    parts = [text(LABEL - 12, y + 4, row["title"], "figure", "end"),
             text(GOAL, y + 4, row["barText"], "figure", "end")]
    if row["value"] is None:
        return parts + [text(place(1) + 8, y + 4, "not measured", "small")]
    share = row["share"]
    begin, end = sorted((place(1), place(share)))
    kind = "met" if row["met"] else "missed"
    parts.append(f'<rect x="{begin:.1f}" y="{y - BAR / 2}" width="{max(end - begin, 1.5):.1f}" '
                 f'height="{BAR}" rx="2" class="{kind}"/>')
    if row.get("spread"):
        # Of a goal that wants less, the highest value lies furthest left.
        low, high = sorted(place(share * factor / row["value"] if row["sense"] == "at least"
                                 else share * row["value"] / factor) for factor in row["spread"])
        if high - low > 2:
            parts.append(line(low, y, high, y, "spread"))
            parts += [line(x, y - 4, x, y + 4, "spread") for x in (low, high)]
    return parts + [text(REACHED, y + 4, f"{number(row['value'])} {row['unit']}", "strong", "end")]


def runs(pairs):
    """How often each was measured."""
    return "One pair a row." if pairs == 1 else (
        f"Medians of {pairs} pairs; whiskers from the worst pair to the best.")


def draw(document):
    """The picture of a run, as SVG."""
    rows = [row for row in in_order(document["rows"]) if row["bar"] is not None]
    bottom = TOP + ROW * len(rows)
    parts = [text(20, 32, "Cathlog: what was reached of each goal of speed", "title"),
             text(20, 52, machine_line(document["machine"]), "small"),
             text(REACHED, TOP - 18, "reached", "small", "end"),
             text(GOAL, TOP - 18, "goal", "small", "end")]
    for factor, label in ((1 / 8, "⅛"), (1 / 4, "¼"), (1 / 2, "½"), (2, "2 ×"), (4, "4 ×")):
        x = place(factor)
        parts += [line(x, TOP - 10, x, bottom, "grid"), text(x, TOP - 18, label, "small", "middle")]
    for number_of_row, row in enumerate(rows):
        parts += bar(row, TOP + ROW * number_of_row + ROW / 2)
    parts += [line(place(1), TOP - 10, place(1), bottom, "goal"),
              text(place(1), TOP - 18, "goal", "small", "middle"),
              text(20, bottom + 26, "Right of the line is better than the goal, whether it "
                   "asks for more or for less. " + runs(document["pairs"]), "small")]
    height = bottom + 44
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img" '
            f'aria-label="What was reached of each goal of speed">\n<style>{STYLE}</style>\n'
            f'<rect width="{WIDTH}" height="{height}" rx="8" class="ground"/>\n'
            + "\n".join(parts) + "\n</svg>\n")
