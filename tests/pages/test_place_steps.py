"""Eight steps of three hours: what a place's line says of the next day."""

from datetime import timedelta

import pytest

from tests.factories import NOON, make_forecast, make_place, make_prediction
from weatherapp.alerting.engine.facts import Facts
from weatherapp.pages.outlook import make_outlook
from weatherapp.pages.place_rows import make_forecast as read_forecast
from weatherapp.pages.place_steps import make_steps

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def place():
    return make_place()


def steps_of(place, *, outlook=None, now=NOON, **columns):
    """As forecast at NOON, hour by hour from an hour later on."""
    run = make_forecast(place, **columns) if columns else None
    facts = Facts(measured=None, forecast=read_forecast(run))
    return make_steps(facts, outlook, place=place, now=now)


def outlook_of(place, *hourly):
    prediction = make_prediction(place, hourly_probability=[*hourly, *[0.0] * (24 - len(hourly))])
    return make_outlook(prediction, now=NOON)


def test_a_day_is_eight_steps_one_after_the_other(place):
    steps = steps_of(place, temperature_c=[1.0] * 48).steps

    assert [step.starts_at for step in steps] == [NOON + 3 * n * HOUR for n in range(8)]
    assert all(step.ends_at - step.starts_at == 3 * HOUR for step in steps)


def test_a_step_sums_amounts_and_takes_the_worst_of_the_rest(place):
    first, second, *_ = steps_of(
        place,
        precipitation_mm=[0.5, 1.0, 1.5, 4.0, 0.0, 0.0],
        wind_gust_ms=[9.0, 17.0, 12.0, 3.0, 3.0, 3.0],
        weather_code=[3.0, 65.0, 61.0, 0.0, 0.0, 0.0],
    ).steps

    assert (first.precipitation_mm, first.wind_gust_ms, first.weather_code) == (3.0, 17.0, 65.0)
    assert (second.precipitation_mm, second.wind_gust_ms, second.weather_code) == (4.0, 3.0, 0.0)


def test_a_part_of_an_amount_is_not_told_as_the_whole(place):
    first, second, *_ = steps_of(place, precipitation_mm=[0.5, None, 1.5, 1.0, 1.0]).steps

    assert first.precipitation_mm is None
    assert second.precipitation_mm is None


def test_temperature_is_that_of_the_steps_start_where_it_is_known(place):
    later = NOON + 2 * HOUR
    steps = steps_of(place, temperature_c=[float(n) for n in range(48)], now=later).steps

    assert [step.temperature_c for step in steps[:2]] == [1.0, 4.0]
    assert steps_of(make_place(name="Cork"), temperature_c=[7.0] * 24).steps[0].temperature_c == 7.0


def test_the_sites_own_probability_counts_before_the_sources(place):
    outlook = outlook_of(place, 0.1, 0.7, 0.2)
    with_ours = steps_of(place, outlook=outlook, precipitation_probability=[0.3] * 48).steps
    without = steps_of(make_place(name="Cork"), precipitation_probability=[0.3] * 48).steps

    assert with_ours[0].probability == 0.7
    assert with_ours[0].is_wet
    assert without[0].probability == 0.3
    assert not without[0].is_wet


def test_without_a_forecast_there_is_the_models_probability_and_nothing_else(place):
    steps = steps_of(place, outlook=outlook_of(place, 0.5))

    assert steps.has_probability
    assert not any((steps.has_weather, steps.has_temperature, steps.has_amount, steps.has_gust))


def test_a_stale_forecast_is_not_shown(place):
    steps = steps_of(place, temperature_c=[1.0] * 48, now=NOON + 12 * HOUR)

    assert not steps


def test_amounts_of_a_dry_day_have_no_row(place):
    assert not steps_of(place, precipitation_mm=[0.0] * 48).has_amount
    assert steps_of(make_place(name="Cork"), precipitation_mm=[0.1] * 48).has_amount


def test_night_is_told_from_day(place):
    steps = steps_of(place, weather_code=[0.0] * 48).steps

    # Dublin, 1 January: the sun sets at 16:15 and rises at 8:40; each step is as its middle is.
    assert [step.is_night for step in steps] == [False, *[True] * 6, False]
