"""What SourceForecast.columns holds: see intake/refresh.py, which writes it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from weatherapp.domain.quantities import FORECAST_NAMES
from weatherapp.domain.series import Series
from weatherapp.models.stored import as_number, read_list, read_object


def parse_series(
    first_at: datetime, stored: object, row: str, names: Collection[str] = FORECAST_NAMES
) -> Series:
    """Quantities of `names`, at most all that this release knows; `row` names it in the log, where
    it cannot be read.
    """
    columns = read_object(stored, row)
    return Series(
        first_at,
        {
            name: [as_number(value) for value in read_list(columns[name], row)]
            for name in FORECAST_NAMES
            if name in names and name in columns
        },
    )
