"""What has been usual at a place of late: the climate that a window carries. Pure.

predictor/training/climate.py measures the same of the records that the model learns from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from predictor import contract

HOURS_PER_DAY = 24
CLIMATE_HOURS = contract.CLIMATE_DAYS * HOURS_PER_DAY
USUAL = {
    "usual_temperature_c": "temperature_c",
    "usual_dew_point_c": "dew_point_c",
    "usual_pressure_msl_hpa": "pressure_msl_hpa",
    "usual_wind_speed_ms": "wind_speed_ms",
}
WET_SPANS_H = {"wet_1h_share": 1, "wet_6h_share": 6, "wet_24h_share": 24}
# The longest span that ends in the oldest hour begins before it.
RECORD_HOURS = CLIMATE_HOURS + max(WET_SPANS_H.values()) - 1

Hours = Sequence[contract.Row | None]
Column = list[float | None]


def measure_climate(record: Hours) -> dict[str, float | None]:
    """By contract.CLIMATE_NAMES. `record` has RECORD_HOURS rows of contract.FEATURES, oldest
    first; None where nothing is known of an hour. The last one ends the window.
    """
    if len(record) != RECORD_HOURS:
        raise ValueError(f"a record has {RECORD_HOURS} hours, got {len(record)}")
    means = {name: _average(_take(record, column)) for name, column in USUAL.items()}
    rain = _take(record, "precipitation_mm")
    known = sum(value is not None for value in rain[-CLIMATE_HOURS:])
    return means | _share_wet_spans(rain) | {"known_days": known / HOURS_PER_DAY}


def _take(record: Hours, name: str) -> Column:
    column = contract.FEATURE_NAMES.index(name)
    return [None if row is None else row[column] for row in record]


def _average(column: Column) -> float | None:
    known = [value for value in column[-CLIMATE_HOURS:] if value is not None]
    return sum(known) / len(known) if len(known) >= contract.MIN_CLIMATE_HOURS else None


def _share_wet_spans(rain: Column) -> dict[str, float | None]:
    ends = list(_follow(rain))[-CLIMATE_HOURS:]
    return {name: _share_wet(ends, hours) for name, hours in WET_SPANS_H.items()}


def _follow(rain: Column) -> Iterator[tuple[int, int]]:
    """For each hour: how many hours ago it was wet, and how many hours on end are known."""
    since_wet, known_for = len(rain), 0  # no span is as long
    for value in rain:
        is_wet = value is not None and value >= contract.WET_EDGE_MM
        since_wet = 0 if is_wet else since_wet + 1
        known_for = 0 if value is None else known_for + 1
        yield since_wet, known_for


def _share_wet(ends: Sequence[tuple[int, int]], hours: int) -> float | None:
    """Of the spans of so many hours, one for each of their `ends`.

    One wet hour makes a span wet; dry is only what is known wholly. The others do not count.
    """
    wet = sum(since_wet < hours for since_wet, _ in ends)
    dry = sum(since_wet >= hours and known_for >= hours for since_wet, known_for in ends)
    return wet / (wet + dry) if wet + dry >= contract.MIN_CLIMATE_HOURS else None
