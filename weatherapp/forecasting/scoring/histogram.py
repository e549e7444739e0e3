"""Counts scored hours in a table of bounded size. Pure.

A fit needs only how often it rained for each pair of log-odds, so cases are counted in cells of
CELL_WIDTH instead of kept: the log-odds are bounded, so there are at most 53 x 53 cells.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from weatherapp.forecasting.blending.bands import to_log_odds
from weatherapp.forecasting.blending.fit import Cell

CELL_WIDTH = 0.2  # log-odds; at one half that is 5 % of probability


@dataclass(frozen=True, slots=True)
class Case:
    """What was said about an hour, 0..1 each, and what came."""

    model: float
    source: float
    site: float
    is_wet: bool


@dataclass(slots=True)
class Histogram:
    """`cells`: "model:source", in cell widths -> [cases, wet cases]."""

    cases: int = 0
    wet_cases: int = 0
    model_squared_error: float = 0.0
    source_squared_error: float = 0.0
    site_squared_error: float = 0.0
    cells: dict[str, list[int]] = field(default_factory=dict)

    def add(self, case: Case) -> None:
        self.cases += 1
        self.wet_cases += case.is_wet
        self.model_squared_error += (case.model - case.is_wet) ** 2
        self.source_squared_error += (case.source - case.is_wet) ** 2
        self.site_squared_error += (case.site - case.is_wet) ** 2
        self._count(_name_cell(case), 1, int(case.is_wet))

    def absorb(self, other: Histogram) -> None:
        self.cases += other.cases
        self.wet_cases += other.wet_cases
        self.model_squared_error += other.model_squared_error
        self.source_squared_error += other.source_squared_error
        self.site_squared_error += other.site_squared_error
        for name, (cases, wet_cases) in other.cells.items():
            self._count(name, cases, wet_cases)

    def list_cells(self, *, share: float = 1.0) -> list[Cell]:
        """For a fit; each case counts as `share` of one."""
        return [
            Cell(*_parse_cell(name), cases=cases * share, wet=wet_cases * share)
            for name, (cases, wet_cases) in self.cells.items()
        ]

    def mean(self, sum_of_errors: float) -> float | None:
        return sum_of_errors / self.cases if self.cases else None

    def _count(self, name: str, cases: int, wet_cases: int) -> None:
        cell = self.cells.setdefault(name, [0, 0])
        cell[0] += cases
        cell[1] += wet_cases


def _name_cell(case: Case) -> str:
    model = round(to_log_odds(case.model) / CELL_WIDTH)
    source = round(to_log_odds(case.source) / CELL_WIDTH)
    return f"{model}:{source}"


def _parse_cell(name: str) -> tuple[float, float]:
    model, source = name.split(":")
    return int(model) * CELL_WIDTH, int(source) * CELL_WIDTH
