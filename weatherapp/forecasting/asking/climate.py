"""What has been usual at a place of late: the climate that a window carries. Pure.

predictor/training/climate.py measures the same of the records that the model learns from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

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
LOOK_BACK_HOURS = max(WET_SPANS_H.values()) - 1
RECORD_HOURS = LOOK_BACK_HOURS + CLIMATE_HOURS

# Exact whole numbers: a total that hours are added to and taken off again does not drift.
MILLIONTHS = 1_000_000

Hours = Sequence[contract.Row | None]
Column = Sequence[float | None]
# Of some hours: for each of USUAL the sum in millionths and how many are known; for each of
# WET_SPANS_H the wet and the dry spans, one for each hour that ends them.
Totals = tuple[int, ...]


def measure_climate(record: Hours) -> dict[str, float | None]:
    """By contract.CLIMATE_NAMES. `record` has RECORD_HOURS rows of contract.FEATURES, oldest
    first; None where nothing is known of an hour. The last one ends the window.
    """
    if len(record) != RECORD_HOURS:
        raise ValueError(f"a record has {RECORD_HOURS} hours, got {len(record)}")
    return average(count_totals(record))


def count_totals(record: Hours) -> Totals:
    """Of `record` without its first LOOK_BACK_HOURS: spans of the others begin there."""
    sums = (_sum(_take(record, name)[LOOK_BACK_HOURS:]) for name in USUAL.values())
    ends = list(_follow(_take(record, "precipitation_mm")))[LOOK_BACK_HOURS:]
    spans = (_count_spans(ends, hours) for hours in WET_SPANS_H.values())
    return tuple(chain.from_iterable(chain(sums, spans)))


def advance(totals: Totals, *, entered: Totals, left: Totals) -> Totals:
    """With the hours that came, and without those that are too old by now."""
    return tuple(a + b - c for a, b, c in zip(totals, entered, left, strict=True))


def average(totals: Totals) -> dict[str, float | None]:
    """By contract.CLIMATE_NAMES, of the totals of CLIMATE_HOURS."""
    pairs = list(zip(totals[::2], totals[1::2], strict=True))
    sums, spans = pairs[: len(USUAL)], pairs[len(USUAL) :]
    means = (_divide(total, known * MILLIONTHS, known) for total, known in sums)
    shares = (_divide(wet, wet + dry, wet + dry) for wet, dry in spans)
    known_hours = sum(spans[0])  # spans of one hour
    values = (*means, *shares, known_hours / HOURS_PER_DAY)
    return dict(zip(contract.CLIMATE_NAMES, values, strict=True))


def _divide(total: int, by: int, known: int) -> float | None:
    return total / by if known >= contract.MIN_CLIMATE_HOURS else None


def _take(record: Hours, name: str) -> Column:
    column = contract.FEATURE_NAMES.index(name)
    return [None if row is None else row[column] for row in record]


def _sum(column: Column) -> tuple[int, int]:
    known = [round(value * MILLIONTHS) for value in column if value is not None]
    return sum(known), len(known)


def _follow(rain: Column) -> Iterator[tuple[int, int]]:
    """For each hour: how many hours ago it was wet, and how many hours on end are known."""
    since_wet, known_for = RECORD_HOURS, 0  # no span is as long
    for value in rain:
        is_wet = value is not None and value >= contract.WET_EDGE_MM
        since_wet = 0 if is_wet else since_wet + 1
        known_for = 0 if value is None else known_for + 1
        yield since_wet, known_for


def _count_spans(ends: Sequence[tuple[int, int]], hours: int) -> tuple[int, int]:
    """Wet and dry ones of so many hours, one for each of their `ends`.

    One wet hour makes a span wet; dry is only what is known wholly. The others do not count.
    """
    wet = sum(since_wet < hours for since_wet, _ in ends)
    dry = sum(since_wet >= hours and known_for >= hours for since_wet, known_for in ends)
    return wet, dry
