"""One year of one place from Open-Meteo's archive: asked, checked, turned into our columns."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx2

from predictor import contract

ARCHIVE_URL = "https://archive-api.open-meteo.com/v1/archive"
ATTRIBUTION = "Weather data by Open-Meteo.com, CC BY 4.0"
TIMEOUT_S = 60.0
ATTEMPTS = 6
MAX_BODY_BYTES = 50_000_000

# Our column -> their name and the unit that the answer must state.
VARIABLES = {
    "temperature_c": ("temperature_2m", "°C"),
    "dew_point_c": ("dew_point_2m", "°C"),
    "pressure_msl_hpa": ("pressure_msl", "hPa"),
    "wind_speed_ms": ("wind_speed_10m", "m/s"),
    "wind_direction_deg": ("wind_direction_10m", "°"),
    "precipitation_mm": ("precipitation", "mm"),
}

# https://open-meteo.com/en/terms, without an API key: 600 calls a minute, 5,000 an hour. A call
# weighs variables / 10 x days / 14.
CALLS_PER_HOUR = 5_000.0
WAIT_BY_REASON_S = {"Minutely": 61.0, "Hourly": 3601.0, "Daily": 86_401.0, "concurrent": 5.0}
WAIT_AFTER_FAILURE_S = 5.0

Row = tuple[Any, ...]


class HistoryUnavailableError(RuntimeError):
    """The archive cannot be reached or is busy: run the command again later, it goes on."""


class HistoryRefusedError(RuntimeError):
    """The archive says that the request is wrong: change it."""


class HistoryGarbledError(RuntimeError):
    """The archive's answer is not as agreed: nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to ask for."""

    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Archive:
    """`wait` takes seconds; tests pass their own."""

    client: httpx2.Client
    url: str = ARCHIVE_URL
    wait: Callable[[float], None] = time.sleep

    def fetch(self, place: Place, first: date, last: date) -> list[Row]:
        """(time, six values) an hour. Raises HistoryUnavailable-, Refused- and GarbledError."""
        parameters = _make_parameters(place, first, last)
        for attempt in range(ATTEMPTS):
            try:
                response = self.client.get(self.url, params=parameters, timeout=TIMEOUT_S)
            except httpx2.TransportError as error:
                failure, pause_s = f"{type(error).__name__}: {error}", WAIT_AFTER_FAILURE_S
            else:
                if response.status_code == httpx2.codes.OK:
                    self.wait(_space_calls(first, last))
                    return _read_rows(_parse(response), place)
                failure, pause_s = _judge(response)
            if attempt + 1 < ATTEMPTS:
                self.wait(pause_s * (attempt + 1))
        raise HistoryUnavailableError(f"{place.name} {first:%Y}: {failure}")


def _make_parameters(place: Place, first: date, last: date) -> dict[str, str]:
    return {
        "latitude": f"{place.latitude}",
        "longitude": f"{place.longitude}",
        "start_date": first.isoformat(),
        "end_date": last.isoformat(),
        "hourly": ",".join(name for name, _ in VARIABLES.values()),
        "wind_speed_unit": "ms",
        "timezone": "GMT",
    }


def _space_calls(first: date, last: date) -> float:
    """Seconds that keep this call's weight within the hour's allowance."""
    weight = max(1.0, len(VARIABLES) / 10.0 * ((last - first).days + 1) / 14.0)
    return weight * 3600.0 / CALLS_PER_HOUR


def _judge(response: httpx2.Response) -> tuple[str, float]:
    """What went wrong and how long to wait. Raises HistoryRefusedError."""
    reason = _read_reason(response)
    told = f"HTTP {response.status_code}: {reason}"
    if response.status_code == httpx2.codes.TOO_MANY_REQUESTS:
        pauses = [pause for word, pause in WAIT_BY_REASON_S.items() if word in reason]
        return told, pauses[0] if pauses else WAIT_BY_REASON_S["Minutely"]
    if response.status_code < httpx2.codes.INTERNAL_SERVER_ERROR:
        raise HistoryRefusedError(told)
    return told, WAIT_AFTER_FAILURE_S


def _read_reason(response: httpx2.Response) -> str:
    try:
        return str(response.json()["reason"])
    except (ValueError, KeyError, TypeError):
        return response.text[:200]


def _parse(response: httpx2.Response) -> Mapping[str, Any]:
    if len(response.content) > MAX_BODY_BYTES:
        raise HistoryGarbledError(f"{len(response.content)} bytes are too many")
    try:
        body = response.json()
    except ValueError as error:
        raise HistoryGarbledError(f"no JSON: {error}") from error
    if not isinstance(body, Mapping):
        raise HistoryGarbledError(f"an object was agreed, got {type(body).__name__}")
    return body


def _read_rows(body: Mapping[str, Any], place: Place) -> list[Row]:
    try:
        hourly, units = body["hourly"], body["hourly_units"]
        _check_units(units)
        columns = [hourly["time"], *(hourly[name] for name, _ in VARIABLES.values())]
        rows = list(zip(*columns, strict=True))
    except (KeyError, TypeError, ValueError) as error:
        raise HistoryGarbledError(f"{place.name}: {error!r}") from error
    return [(f"{row[0]}Z", *_check_values(row[1:], place)) for row in rows]


def _check_units(units: Mapping[str, str]) -> None:
    for name, unit in VARIABLES.values():
        if units[name] != unit:
            raise HistoryGarbledError(f"{name} is in {units[name]!r}, asked for {unit!r}")


def _check_values(values: Sequence[Any], place: Place) -> list[float | None]:
    for feature, value in zip(contract.FEATURES, values, strict=True):
        if value is None:
            continue
        if not isinstance(value, int | float) or not feature.low <= value <= feature.high:
            raise HistoryGarbledError(f"{place.name}: {feature.name} cannot be {value!r}")
    return list(values)
