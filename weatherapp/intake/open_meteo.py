"""Open-Meteo: up to a hundred places in one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from time import monotonic

from django.conf import settings

from weatherapp.domain.quantities import FORECAST_NAMES, MEASURED_NAMES
from weatherapp.domain.source_problem import SourceProblem
from weatherapp.domain.spans import floor_hour
from weatherapp.intake.allowance import PAST_SHARE, PAST_WEIGHT, find_limits
from weatherapp.intake.asking import ask
from weatherapp.intake.open_meteo_body import (
    PAST_VARIABLES,
    VARIABLES,
    Answer,
    parse_body,
    read_reason,
)
from weatherapp.intake.open_meteo_cells import find_cell
from weatherapp.intake.open_meteo_refusals import (
    OK,
    RequestRejectedError,
    make_error,
)
from weatherapp.intake.rate import RateKeeper
from weatherapp.intake.source import (
    BACKFILL_DAYS,
    FORECAST_HOURS,
    PAST_HOURS,
    WEEK_HOURS,
    Hour,
    Outcome,
    PlaceWeather,
    PointRequest,
    Source,
    SourceError,
    SourceGarbledError,
    SourceUnavailableError,
)
from weatherapp.intake.week import read_week
from weatherapp.models import SourceName
from weatherapp.net.client import Bounds, Client

PLACES_PER_REQUEST = 100
# A rejected request is halved until the bad place is alone: 14 questions find one in a hundred.
# This many are enough for two, and few enough when all hundred are bad.
QUESTIONS_PER_BATCH = 28
# The last question begins within this time; with its own 30 s, and what storing takes, a task ends
# before Celery's soft limit of 120 s ends it.
PATIENCE_S = 45.0
# A failed request weighs this, however many places it asked for.
FAILED_WEIGHT = 1.0
# Their clock and ours may differ by a moment around the full hour: ask for an hour more.
SPARE_HOURS = 1
AS_AGREED = {
    "timezone": "GMT",  # local series are wrong after a change of clocks
    "timeformat": "iso8601",
    "temperature_unit": "celsius",
    "wind_speed_unit": "ms",
    "precipitation_unit": "mm",
}
HOURLY = AS_AGREED | {
    "hourly": ",".join(variable.asked_as for variable in VARIABLES),
    "past_hours": str(PAST_HOURS + SPARE_HOURS),
    # The running hour is the first. With the hours before it is eight days: up to fourteen weigh
    # no more than one.
    "forecast_hours": str(WEEK_HOURS + 1 + SPARE_HOURS),
}
PAST = AS_AGREED | {
    "hourly": ",".join(variable.asked_as for variable in PAST_VARIABLES),
    "past_days": str(BACKFILL_DAYS),  # whole days: from the first one's 00:00
    "forecast_days": "1",  # today
}


class OpenMeteo:
    """One client and one count of requests a process."""

    def __init__(
        self,
        *,
        url: str,
        api_key: str = "",
        daily_calls: int = 0,
        user_agent: str = "",
        bounds: Bounds | None = None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._url = f"{url.rstrip('/')}/v1/forecast"
        self._api_key = api_key
        self._client = Client(user_agent, bounds or Bounds())
        self._patience_s = patience_s
        limits = find_limits(api_key=api_key, daily_calls=daily_calls)
        self._rate = RateKeeper(SourceName.OPEN_METEO, limits)

    def fetch(self, points: Sequence[PointRequest], *, now: datetime) -> dict[int, Outcome]:
        """By place id, an outcome for every point: a bad place does not spoil the others."""
        outcomes: dict[int, Outcome] = {}
        last_question_s = monotonic() + self._patience_s
        for start in range(0, len(points), PLACES_PER_REQUEST):
            batch = points[start : start + PLACES_PER_REQUEST]
            outcomes |= self._fetch_batch(batch, now, last_question_s)
        return outcomes

    def fetch_past(self, point: PointRequest, *, now: datetime) -> tuple[Hour, ...]:
        """The readings of BACKFILL_DAYS. Raises SourceError."""
        body = self._ask([point], PAST, weight=PAST_WEIGHT, share=PAST_SHARE, now=now)
        (answer,) = parse_body(body, places=1)
        if isinstance(answer, SourceGarbledError):
            raise answer
        hour_at = floor_hour(now)
        past = _read_past(answer, hour_at - timedelta(days=BACKFILL_DAYS), hour_at)
        if not past:
            raise SourceGarbledError(
                f"The answer says nothing about the past {BACKFILL_DAYS} days."
            )
        return past

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _fetch_batch(
        self, points: Sequence[PointRequest], now: datetime, last_question_s: float
    ) -> dict[int, Outcome]:
        outcomes: dict[int, Outcome] = {}
        waiting, questions = [points], 0
        while waiting:
            group = waiting.pop()
            questions += 1
            try:
                _check_patience(last_question_s)
                outcomes |= self._ask_hour(group, now)
            except RequestRejectedError as error:
                if len(group) > 1 and questions < QUESTIONS_PER_BATCH:
                    waiting += _halve(group)
                else:
                    outcomes |= _spread(error, group)
            except SourceUnavailableError as error:  # the others would wait as long, one by one
                outcomes |= _spread(error, [*group, *chain(*waiting)])
                break
            except SourceError as error:
                outcomes |= _spread(error, group)
        return outcomes

    def _ask_hour(self, points: Sequence[PointRequest], now: datetime) -> dict[int, Outcome]:
        """One request. Raises SourceError where it says something about all of them."""
        body = self._ask(points, HOURLY, weight=float(len(points)), now=now)
        answers = parse_body(body, places=len(points))
        hour_at = floor_hour(now)
        return {
            point.place_id: _make_outcome(point, answer, hour_at)
            for point, answer in zip(points, answers, strict=True)
        }

    def _ask(
        self,
        points: Sequence[PointRequest],
        asked: dict[str, str],
        *,
        weight: float,
        now: datetime,
        share: float = 1.0,
    ) -> bytes:
        """The body of one answer, counted. Raises SourceError."""
        self._rate.reserve(weight, now=now, share=share)
        try:
            return self._download(self._make_params(points, asked), now)
        except SourceError:
            self._rate.give_back(weight - FAILED_WEIGHT, now=now)
            raise

    def _download(self, params: Mapping[str, str], now: datetime) -> bytes:
        reply = ask(self._client, self._url, params)
        if reply.status == OK:
            return reply.body
        wanted_at = reply.retry_at(now=now)
        error = make_error(reply.status, read_reason(reply.body), now=now, wanted_at=wanted_at)
        if isinstance(error, SourceUnavailableError) and error.retry_at is not None:
            self._rate.close(until=error.retry_at)
        raise error

    def _make_params(self, points: Sequence[PointRequest], asked: dict[str, str]) -> dict[str, str]:
        where = {
            "latitude": ",".join(f"{point.latitude:.4f}" for point in points),
            "longitude": ",".join(f"{point.longitude:.4f}" for point in points),
        }
        return where | asked | ({"apikey": self._api_key} if self._api_key else {})


def connect() -> Source:
    """Open-Meteo as the settings name it."""
    return OpenMeteo(
        url=settings.OPEN_METEO_URL,
        api_key=settings.OPEN_METEO_API_KEY,
        daily_calls=settings.OPEN_METEO_DAILY_CALLS,
        user_agent=f"weatheralert (+{settings.SITE_URL})",
    )


def _check_patience(last_question_s: float) -> None:
    if monotonic() > last_question_s:
        raise SourceUnavailableError(
            "The source answers so slowly that some places were not asked for.",
            problem=SourceProblem.TOO_SLOW,
        )


def _halve(points: Sequence[PointRequest]) -> tuple[Sequence[PointRequest], Sequence[PointRequest]]:
    middle = len(points) // 2
    return points[middle:], points[:middle]


def _spread(error: SourceError, points: Sequence[PointRequest]) -> dict[int, Outcome]:
    return {point.place_id: error for point in points}


def _make_outcome(
    point: PointRequest, answer: Answer | SourceGarbledError, hour_at: datetime
) -> Outcome:
    if isinstance(answer, SourceGarbledError):
        return answer
    past = _read_past(answer, hour_at - timedelta(hours=PAST_HOURS), hour_at)
    if not past:
        return SourceGarbledError("The answer says nothing about the past 24 hours.")
    until = hour_at + timedelta(hours=FORECAST_HOURS)
    forecast = _select(answer, hour_at, until, FORECAST_NAMES)
    week = read_week(answer, hour_at)
    return PlaceWeather(hour_at, past, forecast, cell=find_cell(point, answer.grid), week=week)


def _read_past(answer: Answer, after: datetime, until: datetime) -> tuple[Hour, ...]:
    return _select(answer, after, until, MEASURED_NAMES)


def _select(
    answer: Answer, after: datetime, until: datetime, names: Sequence[str]
) -> tuple[Hour, ...]:
    """The full hours of (after, until] of which anything is known, oldest first."""
    columns = answer.columns
    known = (
        Hour(at, {name: value for name in names if (value := columns[name][row]) is not None})
        for at, row in sorted(answer.rows.items())
        if after < at <= until and at == floor_hour(at)
    )
    return tuple(hour for hour in known if hour.values)
