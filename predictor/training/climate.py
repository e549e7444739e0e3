"""What was usual at a place up to each hour: the climate that a window carries (contract.CLIMATE).

The site measures the same of its stored readings (weatherapp/forecasting/asking/climate.py).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from predictor import contract
from predictor.features import Floats

Sums = NDArray[np.float64]

HOURS_PER_DAY = 24
USUAL_NAMES = ("temperature_c", "dew_point_c", "pressure_msl_hpa", "wind_speed_ms")
WET_SPANS_H = (1, 6, 24)
RAIN_COLUMN = contract.FEATURE_NAMES.index("precipitation_mm")


def measure_climate(values: Floats, days: int) -> Floats:
    """One station's (hours, 6), NaN unknown -> (hours, 8), over the `days` up to each hour."""
    rain = values[:, RAIN_COLUMN]
    columns = [values[:, contract.FEATURE_NAMES.index(name)] for name in USUAL_NAMES]
    columns += [_find_wet_spans(rain, hours) for hours in WET_SPANS_H]
    hours = days * HOURS_PER_DAY
    known_days = sum_past(np.isfinite(rain), hours) / HOURS_PER_DAY
    climate = [*(_average_past(column, hours) for column in columns), known_days]
    return np.stack(climate, axis=1).astype(np.float32)


def sum_past(values: NDArray[np.generic], hours: int) -> Sums:
    """(rows,) -> (rows,): the sum over the `hours` rows that end in each row."""
    total = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    first = np.maximum(np.arange(1, len(total)) - hours, 0)
    past: Sums = total[1:] - total[first]
    return past


def _find_wet_spans(rain: Floats, hours: int) -> Floats:
    """(hours,): 1 where any of the last `hours` hours was wet, NaN where that is not known."""
    known = np.isfinite(rain)
    any_wet = sum_past(known & (np.nan_to_num(rain) >= contract.WET_EDGE_MM), hours) > 0
    all_known = sum_past(known, hours) == hours
    return np.where(any_wet | all_known, any_wet, np.nan).astype(np.float32)


def _average_past(values: Floats, hours: int) -> Sums:
    known = np.isfinite(values)
    count = sum_past(known, hours)
    mean = sum_past(np.where(known, values, 0.0), hours) / np.maximum(count, 1.0)
    return np.where(count >= contract.MIN_CLIMATE_HOURS, mean, np.nan)
