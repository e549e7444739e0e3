"""Reliability diagrams as SVG: how often it rained when the model said so."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

import numpy as np

from predictor.training.metrics import Array, bin_reliability
from predictor.training.reference import SCORED_TARGETS
from predictor.training.scoring import Forecasts

DRAWN_TARGETS = ("h1", "h6", "any6", "any24")
TITLES = {"h1": "in 1 h", "h6": "in 6 h", "any6": "any of 6 h", "any24": "any of 24 h"}
PANEL = 150  # px
GAP = 26
MARGIN_LEFT, MARGIN_TOP, MARGIN_BOTTOM = 150, 34, 36
FEWEST_CASES = 20  # a bin of fewer says nothing
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#333}.frame{fill:none;stroke:#bbb}"
    ".ideal{stroke:#bbb;stroke-dasharray:4 3}.seen{fill:none;stroke:#0b62a3;stroke-width:1.5}"
    ".dot{fill:#0b62a3}.paper{fill:#fff}"
)


def draw_reliability(forecasts: Forecasts) -> str:
    """One row a data set, one column a target; the dot's size is the share of cases."""
    numbers = forecasts.cases.data_set_numbers[forecasts.cases.ends]
    rows = {
        name: numbers == number
        for number, name in enumerate(forecasts.cases.data_set_names)
        if (numbers == number).any()
    }
    width = MARGIN_LEFT + len(DRAWN_TARGETS) * (PANEL + GAP)
    height = MARGIN_TOP + len(rows) * (PANEL + GAP) + MARGIN_BOTTOM
    body = [_draw_titles(), *_draw_rows(forecasts, rows), _draw_axis_names(height)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img"><title>Reliability: how often it rained '
        f"when the model said so</title><style>{STYLE}</style>"
        f'<rect class="paper" width="{width}" height="{height}"/>{"".join(body)}</svg>\n'
    )


def _draw_titles() -> str:
    return "".join(
        f'<text x="{MARGIN_LEFT + column * (PANEL + GAP)}" y="20">Rain {TITLES[name]}</text>'
        for column, name in enumerate(DRAWN_TARGETS)
    )


def _draw_axis_names(height: int) -> str:
    return (
        f'<text x="{MARGIN_LEFT}" y="{height - 12}">across: what the model said, 0 to 100 %; '
        "up: how often it rained</text>"
    )


def _draw_rows(forecasts: Forecasts, rows: Mapping[str, Array]) -> list[str]:
    parts = []
    for row, (name, chosen) in enumerate(rows.items()):
        top = MARGIN_TOP + row * (PANEL + GAP)
        label = escape(name.replace("_", " "))
        parts.append(f'<text x="8" y="{top + PANEL // 2}">{label}</text>')
        for column, target in enumerate(DRAWN_TARGETS):
            left = MARGIN_LEFT + column * (PANEL + GAP)
            parts.append(_draw_panel(forecasts, target, chosen, left, top))
    return parts


def _draw_panel(forecasts: Forecasts, target: str, chosen: Array, left: int, top: int) -> str:
    column = SCORED_TARGETS.index(target)
    known = chosen & np.isfinite(forecasts.outcome[:, column])
    counts, said, seen = bin_reliability(
        forecasts.model[known, column], forecasts.outcome[known, column].astype(np.float64)
    )
    full = counts >= FEWEST_CASES
    across = left + PANEL * said[full] / counts[full]
    up = top + PANEL * (1.0 - seen[full] / counts[full])
    sizes = 1.5 + 5.0 * np.sqrt(counts[full] / max(counts.sum(), 1.0))
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, up, strict=True))
    dots = "".join(
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"/>'
        for x, y, size in zip(across, up, sizes, strict=True)
    )
    return (
        f'<rect class="frame" x="{left}" y="{top}" width="{PANEL}" height="{PANEL}"/>'
        f'<line class="ideal" x1="{left}" y1="{top + PANEL}" x2="{left + PANEL}" y2="{top}"/>'
        f'<polyline class="seen" points="{points}"/>{dots}'
    )
