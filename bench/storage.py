"""What a place-hour takes in the database: rows as the site writes them, then bytes per row.

DATABASE_URL=postgres://... .venv/bin/python -m bench.storage --places 20 --days 100
"""

from __future__ import annotations

import os
import random
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weatheralert.settings")
HOUR = timedelta(hours=1)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
RUN_HOURS = 48
WEIGHTS = ((1, 2), (3, 6), (7, 12), (13, 24))


def main() -> None:
    options = _parse()
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for number in range(options.places):
        load_place(number, options.days * 24)
    if options.tidy:
        _tidy()
    _vacuum()
    call_command("storage")


def load_place(number: int, hours: int) -> None:
    """A place with `hours` of readings, runs, requests and predictions, all answered."""
    from weatherapp.intake.source import WEEK_HOURS
    from weatherapp.intake.week import WEEK_NAMES
    from weatherapp.models import (
        Place,
        PlaceCalibration,
        Prediction,
        PredictionRequest,
        Reading,
        SourceForecast,
        WeekForecast,
    )

    rng = random.Random(number)  # noqa: S311 - to be repeated, not to be secret
    place = Place.objects.create(
        name=f"Place {number}", latitude=50 + number / 100, longitude=8, source="open_meteo"
    )
    ends = [NOW - index * HOUR for index in range(hours, -1, -1)]
    requests = [_make_request(place, at, rng) for at in ends]
    Reading.objects.bulk_create(list(_make_readings(place, ends, rng)), 500)
    SourceForecast.objects.bulk_create([_make_run(place, at, rng) for at in ends], 500)
    WeekForecast.objects.create(
        place=place,
        source="open_meteo",
        hour_at=NOW,
        received_at=NOW,
        first_at=NOW + HOUR,
        columns=_make_columns(WEEK_NAMES, WEEK_HOURS, rng),
    )
    PredictionRequest.objects.bulk_create(requests, 500)
    Prediction.objects.bulk_create([_make_prediction(request, rng) for request in requests], 500)
    PlaceCalibration.objects.create(
        place=place,
        model_version="2026-11-20-1a2b3c4d",
        learned_until_at=NOW - 26 * HOUR,
        answers=2000,
        scalings=[[rng.random() for _ in range(5)] for _ in range(26)],
        updated_at=NOW,
    )


def _make_readings(place: object, ends: list[datetime], rng: random.Random) -> Iterator[object]:
    from weatherapp.models import Reading

    for at, hour in zip(ends, _make_hours(len(ends), rng), strict=True):
        values = dict(zip(NAMES, hour, strict=True))
        values.pop("precipitation_probability")
        yield Reading(place=place, observed_at=at, source="open_meteo", received_at=at, **values)


NAMES = (
    "temperature_c",
    "dew_point_c",
    "pressure_msl_hpa",
    "wind_speed_ms",
    "wind_gust_ms",
    "wind_direction_deg",
    "precipitation_mm",
    "snowfall_cm",
    "weather_code",
    "precipitation_probability",
)


def _make_hours(count: int, rng: random.Random) -> Iterator[list[float]]:
    """Weather changes slowly: each hour is near the one before."""
    temperature_c, pressure_hpa, wind_ms, from_deg = 10.0, 1013.0, 4.0, 200.0
    for chance in _make_chances(count, rng):
        temperature_c += rng.gauss(0, 0.7)
        pressure_hpa += rng.gauss(0, 0.5)
        wind_ms = max(wind_ms + rng.gauss(0, 0.6), 0.1)
        from_deg = (from_deg + rng.gauss(0, 12)) % 360
        is_wet = rng.random() < chance
        yield [
            round(temperature_c, 1),
            round(temperature_c - rng.random() * 4, 1),
            round(pressure_hpa, 1),
            round(wind_ms, 2),
            round(wind_ms * 1.7 + rng.random(), 2),
            float(round(from_deg)),
            round(rng.expovariate(1.5), 1) if is_wet else 0.0,
            0.0,
            61.0 if is_wet else 3.0,
            round(chance, 2),
        ]


def _make_chances(count: int, rng: random.Random) -> Iterator[float]:
    """Mostly dry, with spells."""
    chance = 0.1
    for _ in range(count):
        chance = min(max(chance + rng.gauss(-0.005, 0.06), 0.003), 0.97)
        yield chance


def _make_run(place: object, at: datetime, rng: random.Random) -> object:
    from weatherapp.models import SourceForecast

    return SourceForecast(
        place=place,
        source="open_meteo",
        hour_at=at,
        received_at=at,
        first_at=at + HOUR,
        columns=_make_columns(NAMES, RUN_HOURS, rng),
    )


def _make_columns(names: Sequence[str], count: int, rng: random.Random) -> dict[str, list[float]]:
    hours = list(_make_hours(count, rng))
    columns = {name: [hour[index] for hour in hours] for index, name in enumerate(NAMES)}
    return {name: columns[name] for name in names}


def _make_request(place: object, at: datetime, rng: random.Random) -> object:
    from predictor import contract
    from weatherapp.models import PredictionRequest, RequestState

    rows = [hour[: len(contract.FEATURES)] for hour in _make_hours(contract.WINDOW_HOURS, rng)]
    window = {
        "latitude": 50.0,
        "longitude": 8.0,
        "window_end_at": at.isoformat(),
        "hours": rows,
        "climate": {name: rng.random() * 10 for name in contract.CLIMATE_NAMES},
    }
    return PredictionRequest(
        id=uuid4(),
        place=place,
        window_end_at=at,
        window=window,
        state=RequestState.ANSWERED,
        created_at=at,
        sent_at=at,
        expires_at=at + HOUR,
        finished_at=at,
    )


def _make_prediction(request: object, rng: random.Random) -> object:
    from weatherapp.models import Prediction

    model, calibrated, source, site = (list(_make_chances(24, rng)) for _ in range(4))
    return Prediction(
        request=request,
        place=request.place,  # type: ignore[attr-defined]
        window_end_at=request.window_end_at,  # type: ignore[attr-defined]
        hourly_probability=model,
        probability_any_6h=rng.random(),
        probability_any_24h=rng.random(),
        model_name="rain_mini",
        model_version="2026-11-20-1a2b3c4d",
        calibrated_hourly_probability=calibrated,
        calibrated_any_6h=rng.random(),
        calibrated_any_24h=rng.random(),
        blended_hourly_probability=site,
        blended_any_6h=rng.random(),
        blended_any_24h=rng.random(),
        blend={
            "source": "open_meteo",
            "issued_at": request.window_end_at.isoformat(),  # type: ignore[attr-defined]
            "hourly_probability": [round(value, 2) for value in source],
            "weights": [_make_weights(first, last, rng) for first, last in WEIGHTS],
        },
        elapsed_ms=rng.random() * 10,
        answered_at=request.window_end_at,  # type: ignore[attr-defined]
    )


def _make_weights(first: int, last: int, rng: random.Random) -> dict[str, object]:
    return {
        "first_lead_hours": first,
        "last_lead_hours": last,
        "intercept": rng.gauss(0, 1),
        "model": rng.random(),
        "source": rng.random(),
        "hours": rng.randrange(3000),
        "is_learned": True,
    }


def _tidy() -> None:
    from weatherapp.intake.retention import forget_old_weather

    print(f"{forget_old_weather(now=NOW):,} rows thinned and forgotten")


def _vacuum() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (FULL, ANALYZE)" if connection.vendor == "postgresql" else "VACUUM")


def _parse() -> Namespace:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=int, default=20)
    parser.add_argument("--days", type=int, default=100)
    parser.add_argument("--tidy", action="store_true", help="Thin and forget as the ticks do.")
    return parser.parse_args()


if __name__ == "__main__":
    main()
