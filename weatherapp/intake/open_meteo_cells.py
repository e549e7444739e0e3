"""Which places get the same weather from Open-Meteo. Pure.

It answers from the grid cell of the finest model that covers a place, and moves temperatures to the
place's height; coarser models fill in, and have other cells. So places share what one gets only
where all of it is the same: the cell, the height, and, for the coarser models, the neighbourhood.
"""

from __future__ import annotations

from weatherapp.intake.open_meteo_body import Grid
from weatherapp.intake.source import PointRequest

NEIGHBOURHOOD_DIGITS = 2  # of a degree: about a kilometre
HEIGHT_STEP_M = 10.0  # 0.065 °C, which is less than the digit that Open-Meteo tells


def find_cell(point: PointRequest, grid: Grid | None) -> str:
    """A name that two places have in common where they get the same; "": nobody else does."""
    if grid is None:
        return ""
    height_m = round(grid.elevation_m / HEIGHT_STEP_M) * HEIGHT_STEP_M
    where = (point.latitude, point.longitude)
    near = " ".join(f"{degrees:.{NEIGHBOURHOOD_DIGITS}f}" for degrees in where)
    return f"{near} of {grid.latitude:.4f} {grid.longitude:.4f} at {height_m:.0f}"
