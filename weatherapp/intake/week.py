"""The days to come of an answer. Pure."""

from __future__ import annotations

from datetime import datetime

from weatherapp.domain.quantities import FORECAST_NAMES
from weatherapp.domain.series import Series
from weatherapp.domain.spans import HOUR
from weatherapp.intake.open_meteo_body import Answer
from weatherapp.intake.source import WEEK_HOURS


def read_week(answer: Answer, hour_at: datetime) -> Series | None:
    """The hours after `hour_at`, up to the last of which anything is known; None: none is."""
    times = [hour_at + lead * HOUR for lead in range(1, WEEK_HOURS + 1)]
    rows = [answer.rows.get(at) for at in times]
    columns = {
        name: [None if row is None else answer.columns[name][row] for row in rows]
        for name in FORECAST_NAMES
    }
    known = {name: column for name, column in columns.items() if column.count(None) < len(column)}
    length = max((_count_until_last(column) for column in known.values()), default=0)
    return Series(times[0], {name: known[name][:length] for name in known}) if length else None


def _count_until_last(column: list[float | None]) -> int:
    """How many values there are up to the last one that is known."""
    return max(index + 1 for index, value in enumerate(column) if value is not None)
