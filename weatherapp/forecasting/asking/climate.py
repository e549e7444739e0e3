"""What has been usual at a place of late: the climate that a window carries. Pure.

predictor/training/climate.py measures the same of the records that the model learns from.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
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
NOTHING: contract.Row = (None,) * len(contract.FEATURE_NAMES)  # is known of an hour
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
    columns = _turn(record)
    sums = (_sum(columns[name][LOOK_BACK_HOURS:]) for name in USUAL.values())
    return tuple(chain(*sums, *_count_spans(columns["precipitation_mm"])))


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


def _turn(record: Hours) -> Mapping[str, Column]:
    """By name; each as long as the record."""
    rows = [NOTHING if row is None else row for row in record]
    columns = zip(*rows, strict=True) if rows else ((),) * len(NOTHING)
    return dict(zip(contract.FEATURE_NAMES, columns, strict=True))


def _sum(column: Column) -> tuple[int, int]:
    known = [round(value * MILLIONTHS) for value in column if value is not None]
    return sum(known), len(known)


def _count_spans(rain: Column) -> Iterator[tuple[int, int]]:
    """For each of WET_SPANS_H: wet and dry ones, a span for each hour that ends it.

    One wet hour makes a span wet; dry is only what is known wholly. The others do not count.
    """
    since_wet, dry_for = _follow(rain)
    for hours in WET_SPANS_H.values():
        # Both are sorted: how many are below `hours`, and how many are not.
        wet = bisect_left(since_wet, hours)
        yield wet, len(dry_for) - bisect_left(dry_for, hours)


def _follow(rain: Column) -> tuple[list[int], list[int]]:
    """Of each hour but the first LOOK_BACK_HOURS, sorted: how many hours ago it was wet, and how
    many hours on end are known to be dry.
    """
    since_wet, dry_for, dry_hours = [], [], 0
    hours_ago = RECORD_HOURS  # no span is as long
    for value in rain:
        is_wet = value is not None and value >= contract.WET_EDGE_MM
        hours_ago = 0 if is_wet else hours_ago + 1
        dry_hours = 0 if is_wet or value is None else dry_hours + 1
        since_wet.append(hours_ago)
        dry_for.append(dry_hours)
    return sorted(since_wet[LOOK_BACK_HOURS:]), sorted(dry_for[LOOK_BACK_HOURS:])
