"""The week ahead and the sun of a place, read and shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from tests.domain.forecasts import HOUR, make_series
from tests.factories import NOON, make_place
from tests.pages.markup import read
from weatherapp.display.reader import shown_to
from weatherapp.domain.units import Units, UnitSystem
from weatherapp.models import Place, WeekForecast
from weatherapp.pages.days import read_days, read_sun

pytestmark = pytest.mark.django_db
NOW = NOON + timedelta(minutes=7)


def make_week(place: Place, *, hours: int = 168, hour_at=NOON, **columns) -> WeekForecast:
    codes = {"weather_code": [61.0] * hours, "wind_gust_ms": [14.2] * hours}
    series = make_series(hours, **(codes | columns))
    return WeekForecast.objects.create(
        place=place,
        source="open_meteo",
        hour_at=hour_at,
        received_at=hour_at,
        first_at=hour_at + HOUR,
        columns=dict(series.columns),
    )


def show(name: str, place: Place, **context: object):
    with timezone.override(place.zone):
        return read(f"<body>{render_to_string(f'place/{name}.html', context)}</body>")


def test_a_place_has_seven_dates_in_its_zone():
    place = make_place(time_zone="Asia/Tokyo")
    make_week(place)

    days = read_days(place, now=NOW)

    assert len(days) == 7
    assert days[0].day is None, "it is 21:00 there"
    assert days[0].night.gust_ms == 14.2
    assert days[1].day.weather_code == 61


def test_it_is_one_query_and_none_with_the_place(django_assert_num_queries):
    pk = make_place().pk
    make_week(Place.objects.get())
    alone = Place.objects.get(pk=pk)
    joined = Place.objects.select_related("week_forecast").get(pk=pk)

    with django_assert_num_queries(1):
        assert read_days(alone, now=NOW)
    with django_assert_num_queries(0):
        assert read_days(joined, now=NOW)


@pytest.mark.parametrize(
    ("hour_at", "count"),
    [
        pytest.param(NOON - 23 * HOUR, 7, id="a day old: six whole days are left"),
        pytest.param(NOON - 25 * HOUR, 0, id="too old"),
        pytest.param(NOON + HOUR, 0, id="of after now, as when a clock was set back"),
    ],
)
def test_what_is_too_old_is_not_shown(hour_at, count):
    place = make_place()
    make_week(place, hour_at=hour_at)

    assert len(read_days(place, now=NOW)) == count


def test_a_replay_and_a_place_that_was_never_fetched_have_none():
    replay = make_place(source="replay", station="JFK")
    make_week(replay)  # from before it became one

    assert read_days(replay, now=NOW) == ()
    assert read_days(make_place(name="Cork"), now=NOW) == ()
    assert show("days", replay, days=()).one("body").text.strip() == ""


def test_a_row_that_cannot_be_read_is_no_week(caplog):
    place = make_place()
    make_week(place)
    WeekForecast.objects.update(columns={"temperature_c": "warm", "of_another_release": [1]})

    assert read_days(Place.objects.get(), now=NOW) == ()


def test_the_table_has_a_line_a_date_with_heads_and_words():
    place = make_place()
    make_week(place, precipitation_mm=[0.5] * 168, precipitation_probability=[0.7] * 168)

    markup = show("days", place, days=read_days(place, now=NOW))

    assert markup.mistakes == []
    assert len(markup.all("tr")) == 8
    assert [head.text.split()[0] for head in markup.all("th", scope="col")] == [
        "Date", "Day", "Night", "Low", "High", "Rain", "Gusts",
    ]  # fmt: skip
    first = " ".join(markup.all("tr")[1].text.replace("\u00a0", " ").split())
    assert first == "Thu 1 Low (°C) 10 High (°C) 10 Rain (mm) 9 70 % Gusts (m/s) 14"
    assert markup.all("svg")[0].attributes["aria-label"] == "Light rain"
    assert len(markup.all("svg")) == 14


def test_what_is_not_known_is_said_in_words():
    place = make_place()
    make_week(place, hours=60, precipitation_mm=[None] * 60, precipitation_probability=None)

    markup = show("days", place, days=read_days(place, now=NOW))

    assert "unknown" in markup.all("tr")[1].text
    assert "Not all hours of this date" in markup.one("p", id="week-partial").text
    assert "None" not in markup.one("body").text


def test_a_first_line_of_a_night_alone_is_tonight():
    place = make_place()
    make_week(place)

    markup = show("days", place, days=read_days(place, now=NOON + 9 * HOUR))

    assert markup.all("th", scope="row")[0].text == "Tonight"


def test_units_and_days_follow_the_reader():
    place = make_place()
    make_week(place)

    with shown_to(language="fr", units=Units(UnitSystem.US)):
        markup = show("days", place, days=read_days(place, now=NOW))

    text = markup.one("table").text
    assert "°F" in text
    assert "mph" in text
    assert markup.all("time")[0].text.lower().startswith("jeu")


def test_the_suns_times_are_in_the_places_zone():
    place = make_place(latitude=40.71, longitude=-74.01, time_zone="America/New_York")

    markup = show("sun", place, sun=read_sun(place, NOON))

    assert markup.one("p").text == "Sunrise 07:20, sunset 16:39."
    assert markup.all("time")[0].attributes["datetime"] == "2026-01-01T12:20Z"


@pytest.mark.parametrize(
    ("latitude", "said"),
    [(69.65, "The sun does not rise today."), (-77.85, "The sun does not set today.")],
)
def test_polar_night_and_day_are_said(latitude, said):
    place = make_place(latitude=latitude)

    assert show("sun", place, sun=read_sun(place, NOON)).one("p").text == said
