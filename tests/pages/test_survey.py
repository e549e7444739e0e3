"""One look at all places: the order of need, silence, zones."""

from datetime import timedelta
from time import monotonic

import pytest

from tests.factories import NOON, make_forecast, make_place, make_prediction, make_readings
from tests.pages import scenes
from weatherapp.models import Place
from weatherapp.pages.replay import read_clocks
from weatherapp.pages.survey import LASTS, Silence, looking_anew, read_survey, share_survey

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def survey():
    return read_survey(read_clocks(NOON))


def names_of(ids):
    names = dict(Place.objects.values_list("pk", "name"))
    return [names[pk] for pk in ids]


def make_likely(name, probability, **fields):
    place = make_place(name=name)
    make_prediction(place, probability_any_6h=probability, **fields)
    return place


def test_likelier_rain_comes_first_then_the_name_and_the_unknown_last():
    for name, probability in (("Athlone", 0.1), ("Cork", 0.97), ("Birr", 0.99), ("Dublin", 0.5)):
        make_likely(name, probability)
    make_place(name="Aran")

    assert names_of(survey().ids) == ["Birr", "Cork", "Dublin", "Athlone", "Aran"]


def test_what_the_site_says_counts_not_what_the_model_alone_does():
    make_likely("Dry", 0.9, calibrated_hourly_probability=[0.1] * 24, calibrated_any_6h=0.1,
                calibrated_any_24h=0.2)  # fmt: skip
    make_likely("Wet", 0.7)

    found = survey()

    assert names_of(found.ids) == ["Wet", "Dry"]
    assert found.rain_likely == 1


def test_a_prediction_that_is_too_old_or_of_hours_to_come_is_none():
    make_likely("Old", 0.9, window_end_at=NOON - 4 * HOUR)
    make_likely("Ahead", 0.9, window_end_at=NOON + HOUR)

    found = survey()

    assert found.silence.probability == 2
    assert (found.rain_likely, found.rain_known) == (0, 0)


def test_places_that_are_fetched_rarely_are_believed_for_longer():
    for hours in (1, 3, 9):
        place = make_place(name=f"Each {hours} h", refresh_hours=hours)
        make_readings(place, until=NOON - 5 * HOUR)
        make_forecast(place, hour_at=NOON - 8 * HOUR, temperature_c=[1.0] * 48)
        make_prediction(place, window_end_at=NOON - 5 * HOUR)

    assert survey().silence == Silence(measured=1, forecast=1, probability=1)


def test_a_replay_lives_by_the_scenes_clock_and_has_no_forecast_to_miss():
    scenes.make_replay_place()

    assert not survey().silence


def test_switched_off_places_are_not_looked_at():
    make_place(is_active=False)

    assert list(survey().ids) == []


def test_zones_count_by_the_time_of_day_that_it_is_there():
    for zone in ("Europe/Dublin", "Africa/Abidjan", "Asia/Kathmandu"):
        make_place(name=zone, time_zone=zone)

    assert survey().offsets == (timedelta(0), timedelta(hours=5, minutes=45))


@pytest.mark.parametrize("count", [1, 12])
def test_it_is_one_query_however_many_places_there_are(count, django_assert_num_queries):
    for number in range(count):
        scenes.make_live_place(name=f"Place {number}")
    clocks = read_clocks(NOON)

    with django_assert_num_queries(1):
        found = read_survey(clocks)

    assert len(found.ids) == count


def test_while_one_looks_anew_the_others_are_given_what_was_seen_last(settings, monkeypatch):
    settings.PAGES_SHARED_SECONDS = 1
    clocks = read_clocks(NOON)
    first = share_survey(clocks, mark="same")
    make_place(name="Later")
    monkeypatch.setattr("weatherapp.pages.survey.monotonic", lambda: monotonic() + LASTS + 1)
    with looking_anew:
        meanwhile = share_survey(clocks, mark="same")
    afterwards = share_survey(clocks, mark="same")

    assert meanwhile == first
    assert len(afterwards.ids) == len(first.ids) + 1


def test_other_places_are_never_those_that_were_seen_before(settings):
    settings.PAGES_SHARED_SECONDS = 60
    clocks = read_clocks(NOON)
    share_survey(clocks, mark="before")
    place = make_place()

    assert list(share_survey(clocks, mark="after").ids) == [place.pk]
