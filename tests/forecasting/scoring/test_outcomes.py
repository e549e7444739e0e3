from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.factories import NOON, make_place, make_readings, make_scene
from tests.forecasting.source_runs import HOUR, make_blended
from tests.together import do_at_once
from weatherapp import tasks
from weatherapp.domain.spans import floor_hour
from weatherapp.forecasting.blending.bands import BANDS
from weatherapp.forecasting.blending.fit import Cell, fit_weights
from weatherapp.forecasting.blending.weights import learn_weights, read_weights
from weatherapp.forecasting.scoring import outcomes
from weatherapp.models import BlendWeight, Place, Reading, ScoreHistogram, ScoringProgress

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)
TODAY = NOON.date()


def score_places():
    return outcomes.score_places(list(Place.objects.values_list("pk", flat=True)))


def cases():
    return {row.first_lead_hours: row.cases for row in ScoreHistogram.objects.all()}


def make_history(place, *, hours, start_at=NOON):
    """A prediction each hour, and dry readings until the last of their hours has settled."""
    for hour in range(hours):
        make_blended(place, window_end_at=start_at + hour * HOUR)
    make_readings(place, until=start_at + (hours + 25) * HOUR, hours=hours + 25)


def test_each_hour_is_paired_with_what_came():
    place = make_place()
    make_blended(place, model=0.2, source=0.6, site=0.4)
    make_readings(place, until=NOON + 26 * HOUR, hours=26)
    Reading.objects.filter(observed_at__lte=NOON + 2 * HOUR).update(precipitation_mm=0.1)

    assert score_places() == 24

    near = ScoreHistogram.objects.get(first_lead_hours=1)
    assert cases() == {1: 2, 3: 4, 7: 6, 13: 12}
    assert (near.source, near.wet_cases) == ("open_meteo", 2)
    assert near.model_squared_error == pytest.approx(2 * 0.8**2)
    assert near.source_squared_error == pytest.approx(2 * 0.4**2)
    assert near.site_squared_error == pytest.approx(2 * 0.6**2)
    assert sum(row.wet_cases for row in ScoreHistogram.objects.all()) == 2


def test_scoring_again_finds_nothing_new():
    make_history(make_place(), hours=3)

    assert score_places() == 3 * 24
    before = list(ScoreHistogram.objects.values())
    assert score_places() == 0
    assert list(ScoreHistogram.objects.values()) == before


def test_hours_are_counted_as_their_readings_come_and_settle():
    place = make_place()
    make_blended(place)
    make_readings(place, until=NOON + 3 * HOUR, hours=3)

    assert score_places() == 1  # the newest two hours may still be mended

    make_readings(place, until=NOON + 8 * HOUR, hours=5)
    assert score_places() == 5
    assert cases() == {1: 2, 3: 4}


def test_many_weeks_are_caught_up_with_and_each_week_has_its_histogram():
    place = make_place()
    for day in range(30):
        make_blended(place, window_end_at=NOON + day * 24 * HOUR)
    make_readings(place, until=NOON + 800 * HOUR, hours=800)

    assert score_places() == 30 * 24
    weeks = ScoreHistogram.objects.filter(first_lead_hours=1).values_list(
        "week_starts_on", flat=True
    )
    assert len(weeks) == 5
    assert all(week.weekday() == 0 for week in weeks)


def test_what_was_not_measured_stays_out():
    place = make_place()
    make_blended(place)
    make_readings(place, until=NOON + 26 * HOUR, hours=26)
    Reading.objects.filter(observed_at=NOON + HOUR).delete()
    Reading.objects.filter(observed_at=NOON + 2 * HOUR).update(precipitation_mm=None)

    assert score_places() == 22


def test_what_the_source_did_not_say_stays_out():
    place = make_place()
    make_blended(place, source=[None, 0.5, *[None] * 22])
    make_readings(place, until=NOON + 26 * HOUR, hours=26)

    assert score_places() == 1


def test_an_answer_that_came_after_the_hour_was_no_forecast_of_it():
    place = make_place()
    make_blended(place, answered_at=NOON + 4 * HOUR)
    make_readings(place, until=NOON + 26 * HOUR, hours=26)

    assert score_places() == 20


def test_predictions_without_a_blend_teach_nothing():
    place = make_place()
    make_blended(
        place,
        blended_hourly_probability=None,
        blended_any_6h=None,
        blended_any_24h=None,
        blend=None,
    )
    make_readings(place, until=NOON + 26 * HOUR, hours=26)

    assert score_places() == 0
    assert learn_weights(now=NOON) == 0


def test_replays_teach_nothing():
    make_scene()
    make_history(make_place(source="replay"), hours=1)

    assert score_places() == 0


def test_places_of_one_source_are_counted_together_and_sources_apart():
    make_history(make_place(), hours=1)
    make_history(make_place(name="Galway"), hours=1)
    met = make_blended(make_place(name="Cork"), window_end_at=NOON)
    met.blend["source"] = "met_norway"
    met.save()
    make_readings(met.place, until=NOON + 26 * HOUR, hours=26)

    score_places()

    near = ScoreHistogram.objects.filter(first_lead_hours=1)
    assert dict(near.values_list("source", "cases")) == {"open_meteo": 4, "met_norway": 2}


def test_too_few_hours_leave_the_defaults_and_say_how_many_there_are():
    make_history(make_place(), hours=6)
    score_places()

    learn_weights(now=NOON)

    for entry in read_weights("open_meteo"):
        assert entry.weights == entry.band.default
        assert (entry.hours, entry.is_learned) == (6, False)
    row = BlendWeight.objects.get(first_lead_hours=3)
    assert (row.cases, row.model_brier) == (24, pytest.approx(0.04))
    assert (row.source_brier, row.site_brier) == (pytest.approx(0.36), pytest.approx(0.16))


def store_histogram(first_lead_hours, cells, *, week_starts_on=TODAY):
    ScoreHistogram.objects.create(
        source="open_meteo",
        first_lead_hours=first_lead_hours,
        week_starts_on=week_starts_on,
        cases=sum(cases for cases, _ in cells.values()),
        wet_cases=sum(wet for _, wet in cells.values()),
        cells=cells,
    )


def test_enough_hours_teach_that_the_source_knows_better():
    # The model says one half whatever comes, the source 12 % and 88 %, and is right.
    store_histogram(1, {"0:10": [400, 352], "0:-10": [400, 48]})

    learn_weights(now=NOON)

    near, *others = read_weights("open_meteo")
    assert (near.hours, near.is_learned) == (400, True)
    assert near.weights.source == pytest.approx(1, abs=0.1)
    assert near.weights.source > near.band.default.source + 0.5
    assert all(entry.weights == entry.band.default for entry in others)


def test_the_hours_of_a_wide_band_are_not_counted_once_for_each_lead_time():
    store_histogram(13, {"0:0": [299 * 12, 0]})
    learn_weights(now=NOON)
    assert not BlendWeight.objects.get(first_lead_hours=13).is_learned

    ScoreHistogram.objects.update(cases=300 * 12)
    learn_weights(now=NOON)
    assert BlendWeight.objects.get(first_lead_hours=13).is_learned


def test_the_twelve_lead_times_of_an_hour_teach_as_much_as_one():
    far = BANDS[-1]
    store_histogram(13, {"0:10": [400 * 12, 300 * 12], "5:-10": [400 * 12, 40 * 12]})

    learn_weights(now=NOON)

    hours = [Cell(0.0, 2.0, 400, 300), Cell(1.0, -2.0, 400, 40)]
    weights = read_weights("open_meteo")[-1].weights
    assert weights.model == pytest.approx(fit_weights(hours, far.default).model)
    assert weights.source == pytest.approx(fit_weights(hours, far.default).source)


def test_what_is_older_than_a_season_is_forgotten():
    store_histogram(1, {"0:10": [9_000, 9_000]}, week_starts_on=NOON.date() - 13 * WEEK)
    store_histogram(1, {"0:10": [10, 5]}, week_starts_on=NOON.date() - 12 * WEEK)

    learn_weights(now=NOON)

    assert ScoreHistogram.objects.get().cases == 10
    assert BlendWeight.objects.get(first_lead_hours=1).cases == 10


def test_learning_again_from_the_same_hours_gives_the_same_weights():
    store_histogram(1, {"0:10": [400, 352], "5:-10": [400, 48], "-7:2": [90, 11]})
    learn_weights(now=NOON)
    before = list(BlendWeight.objects.values())

    learn_weights(now=NOON)

    assert list(BlendWeight.objects.values()) == before


def test_the_tick_and_the_command_do_the_same(capsys):
    start_at = floor_hour(timezone.now()) - 48 * HOUR  # the tick forgets what is long ago
    make_history(make_place(), hours=2, start_at=start_at)

    tasks.score_and_fit()
    call_command("fit_weights")

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "0 new cases; places learned from 0 new answers"
    assert lines[1] == (
        "open_meteo, 1\u20132 h: intercept +0.00, model 0.75, source 0.25, "
        "default, so far 2 hours; Brier model 0.0400, source 0.3600, site 0.1600"
    )
    assert len(lines) == 5


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_count_each_hour_once():
    for name in ("Dublin", "Cork", "Galway"):
        place = make_place(name=name)
        ScoringProgress.objects.create(place=place)
        make_history(place, hours=2)

    counts = do_at_once(*[score_places] * 3)

    assert sum(counts) == 3 * 2 * 24
    assert sum(cases().values()) == 3 * 2 * 24


def test_more_places_than_one_transaction_takes_are_all_scored(monkeypatch):
    monkeypatch.setattr(outcomes, "BATCH", 2)
    for name in ("Dublin", "Cork", "Galway", "Sligo", "Ennis"):
        make_history(make_place(name=name), hours=1)

    assert score_places() == 5 * 24
