"""Open-Meteo's answer -> hours in the project's units. Pure.

https://open-meteo.com/en/docs: a list for several places, an object for one; precipitation, its
probability and gusts are of the preceding hour; null is missing.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

from weatherapp.domain.quantities import BY_NAME, MEASURED_NAMES
from weatherapp.intake import units
from weatherapp.intake.source import SourceGarbledError, SourceRefusedError
from weatherapp.net.one_line import one_line

DIGITS = 4  # what unit conversion adds behind them is noise

logger = logging.getLogger(__name__)

Row = dict[str, float | None]
Column = list[float | None]


@dataclass(frozen=True, slots=True)
class Grid:
    """The cell that an answer comes from, and the height that its temperatures were moved to."""

    latitude: float
    longitude: float
    elevation_m: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Of one place: the row of each time, and the columns. No grid where the source tells none.

    Columns, since most of a week's hours are kept as such: rows of all would be thrice as large.
    """

    rows: Mapping[datetime, int]
    columns: Mapping[str, Column]
    grid: Grid | None

    def at(self, at: datetime) -> Row:
        """What it says of one of its times."""
        row = self.rows[at]
        return {name: column[row] for name, column in self.columns.items()}


class Numbers(dict[str, float]):
    """Texts of numbers as floats. The same few thousand come again and again: one object each.

    Of an answer that is all different, as weather never is, it keeps no more than these.
    """

    MOST = 10_000

    def __missing__(self, text: str) -> float:
        number = float(text)
        if len(self) < self.MOST:
            self[text] = number
        return number


@dataclass(frozen=True, slots=True)
class Variable:
    """One column: the project's name, Open-Meteo's, and the units that it may come in."""

    name: str
    asked_as: str
    units: Mapping[str, units.Convert]


# Ten: one more, and a place weighs more than one request.
VARIABLES = (
    Variable("temperature_c", "temperature_2m", units.CELSIUS),
    Variable("dew_point_c", "dew_point_2m", units.CELSIUS),
    Variable("pressure_msl_hpa", "pressure_msl", units.HECTOPASCAL),
    Variable("wind_speed_ms", "wind_speed_10m", units.METRES_PER_SECOND),
    Variable("wind_direction_deg", "wind_direction_10m", units.DEGREES),
    Variable("precipitation_mm", "precipitation", units.MILLIMETRES),
    Variable("snowfall_cm", "snowfall", units.CENTIMETRES),
    Variable("precipitation_probability", "precipitation_probability", units.SHARE),
    Variable("wind_gust_ms", "wind_gusts_10m", units.METRES_PER_SECOND),
    Variable("weather_code", "weather_code", units.WMO_CODE),
)


PAST_VARIABLES = [variable for variable in VARIABLES if variable.name in MEASURED_NAMES]


def parse_body(body: bytes, *, places: int) -> list[Answer | SourceGarbledError]:
    """For each of `places`, in the order of the request, its answer or what is wrong with it.

    Raises SourceGarbledError when the whole cannot be understood, SourceRefusedError when it is an error.
    """
    items = _list_items(_load(body), places)
    dropped: Counter[str] = Counter()
    answers = [_parse_or_error(item, index, dropped) for index, item in enumerate(items)]
    if dropped:
        logger.warning("implausible values taken as missing: %s", dict(dropped))
    return answers


def read_reason(body: bytes) -> str:
    """The reason that an error's body gives, else ""."""
    try:
        answer = _load(body)
    except SourceGarbledError:
        return ""
    reason = answer.get("reason") if isinstance(answer, dict) else None
    return one_line(reason) if isinstance(reason, str) else ""


def _load(body: bytes) -> object:
    try:
        # Integers as floats: Python would refuse, or keep, thousands of digits.
        numbers = Numbers().__getitem__
        return json.loads(body, parse_int=numbers, parse_float=numbers)
    except (ValueError, RecursionError) as error:
        # Also how errors look that happen after the answer has begun: the status stays 200.
        raise SourceGarbledError("The answer is no JSON, or was cut off.") from error


def _list_items(answer: object, places: int) -> Sequence[object]:
    if isinstance(answer, dict) and answer.get("error") is True:
        raise SourceRefusedError(f"The source refuses: {answer.get('reason', 'no reason given')}")
    items = answer if isinstance(answer, list) else [answer]
    if len(items) != places:
        raise SourceGarbledError(f"Asked for {places} places, got {len(items)}.")
    return items


def _parse_or_error(item: object, index: int, dropped: Counter[str]) -> Answer | SourceGarbledError:
    try:
        return _parse_item(item, index, dropped)
    except SourceGarbledError as error:
        return error
    except units.UnknownUnitError as error:
        return SourceGarbledError(f"The answer is in unknown units: {error}.")


def _parse_item(item: object, index: int, dropped: Counter[str]) -> Answer:
    if not isinstance(item, dict):
        raise SourceGarbledError(f"A place's answer is {_describe(item)}, not an object.")
    # The first of a list has no location_id.
    if item.get("location_id", index) != index:
        raise SourceGarbledError(f"Place {index} of the answer says that it is another one.")
    hourly, hourly_units = _get_object(item, "hourly"), _get_object(item, "hourly_units")
    times = _parse_times(hourly, hourly_units, item.get("utc_offset_seconds", 0.0))
    columns = _parse_columns(hourly, hourly_units, len(times), dropped)
    return Answer(times, columns, _read_grid(item))


def _read_grid(item: Mapping[str, Any]) -> Grid | None:
    where = [item.get(key) for key in ("latitude", "longitude", "elevation")]
    numbers = [value for value in where if isinstance(value, float) and isfinite(value)]
    return Grid(*numbers) if len(numbers) == len(where) else None


def _get_object(item: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = item.get(key)
    if not isinstance(value, dict):
        raise SourceGarbledError(f"The answer has no “{key}”.")
    return value


def _get_list(section: Mapping[str, Any], key: str) -> list[Any]:
    value = section.get(key)
    if not isinstance(value, list):
        raise SourceGarbledError(f"The answer's “{key}” is no list.")
    return value


def _parse_times(
    hourly: Mapping[str, Any], hourly_units: Mapping[str, Any], offset_s: object
) -> dict[datetime, int]:
    """A time in UTC -> its row."""
    unit = hourly_units.get("time")
    texts = _get_list(hourly, "time")
    try:
        times = {_parse_time(text, unit, offset_s): row for row, text in enumerate(texts)}
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise SourceGarbledError("The answer's times cannot be read.") from error
    if len(times) != len(texts):
        raise SourceGarbledError("The answer has the same hour twice.")
    return times


def _parse_time(text: Any, unit: object, offset_s: Any) -> datetime:
    if unit == "unixtime":
        return datetime.fromtimestamp(text, tz=UTC)
    if unit != "iso8601":
        raise ValueError(unit)
    at = datetime.fromisoformat(text)
    if at.tzinfo is not None:
        raise ValueError(text)
    # One offset, the one of the request's moment, holds for the whole series, DST or not.
    return at.replace(tzinfo=UTC) - timedelta(seconds=offset_s)


def _parse_columns(
    hourly: Mapping[str, Any], hourly_units: Mapping[str, Any], rows: int, dropped: Counter[str]
) -> dict[str, Column]:
    columns: dict[str, Column] = {variable.name: [None] * rows for variable in VARIABLES}
    asked = [variable for variable in VARIABLES if variable.asked_as in hourly]
    if not asked:
        raise SourceGarbledError("The answer has none of the variables that were asked for.")
    for variable in asked:
        values = _get_list(hourly, variable.asked_as)
        if len(values) != rows:
            raise SourceGarbledError(
                f"{variable.asked_as} has {len(values)} values for {rows} hours."
            )
        convert = units.find_convert(variable.units, hourly_units.get(variable.asked_as))
        columns[variable.name] = _parse_values(variable, values, convert, dropped)
    return columns


def _parse_values(
    variable: Variable, values: Sequence[object], convert: units.Convert, dropped: Counter[str]
) -> Column:
    wrong = [value for value in values if value is not None and not isinstance(value, float)]
    if wrong:
        raise SourceGarbledError(f"{variable.asked_as} holds {_describe(wrong[0])}, not a number.")
    # Each value is converted once, and the hours that have it share the result.
    known = {value: _convert(variable, value, convert) for value in set(values)}
    column = [known[value] for value in values]
    if lost := column.count(None) - values.count(None):
        dropped[variable.name] += lost
    return column


def _convert(variable: Variable, value: Any, convert: units.Convert) -> float | None:
    """None for what cannot be."""
    if value is None:
        return None
    known = round(convert(value), DIGITS)
    return known if BY_NAME[variable.name].is_plausible(known) else None


def _describe(value: object) -> str:
    return {dict: "an object", list: "a list", str: "a text", bool: "true or false"}.get(
        type(value), "nothing" if value is None else "a number"
    )
