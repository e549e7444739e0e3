"""Skill by place and lead time, counted as readings come."""

import pytest

from tests.factories import NOON, make_place, make_prediction, make_readings
from tests.forecasting.source_runs import HOUR, make_blended
from weatherapp.forecasting.scoring import outcomes
from weatherapp.forecasting.scoring.skill import BINS, SaidHour, SkillSums
from weatherapp.forecasting.scoring.skill_rows import add_up, forget_old_skill
from weatherapp.models import Place, Reading, ScoringProgress, SkillCount

pytestmark = pytest.mark.django_db


def score(*places):
    outcomes.score_places([place.pk for place in places])


def rain_until(place, hours):
    """Readings of 26 hours, of which the first so many are wet."""
    make_readings(place, until=NOON + 26 * HOUR, hours=26)
    Reading.objects.filter(place=place, observed_at__lte=NOON + hours * HOUR).update(
        precipitation_mm=1.0
    )


def near(place, **of):
    return SkillCount.objects.get(place=place, first_lead_hours=1, **of)


def test_errors_of_all_parts_are_of_the_same_hours():
    place = make_place()
    make_blended(place, model=0.2, source=0.6, site=0.4)
    rain_until(place, 1)

    score(place)

    row = near(place)
    assert (row.source, row.year, row.cases, row.wet_cases) == ("open_meteo", 2026, 2, 1)
    assert row.model_squared_error == pytest.approx(0.8**2 + 0.2**2)
    assert row.source_squared_error == pytest.approx(0.4**2 + 0.6**2)
    assert row.site_squared_error == pytest.approx(0.6**2 + 0.4**2)
    assert row.climatology_squared_error == pytest.approx(0.9**2 + 0.1**2)  # a typical place
    assert row.read_bins()[4] == (2, pytest.approx(0.8), 1)
    assert (row.since_at, row.until_at) == (NOON + HOUR, NOON + 2 * HOUR)


def test_a_prediction_without_a_source_is_scored_apart():
    place = make_place()
    make_prediction(place, hourly_probability=[0.3] * 24)
    rain_until(place, 0)

    score(place)

    row = near(place)
    assert (row.source, row.cases, row.source_squared_error) == ("", 2, 0.0)
    assert row.model_squared_error == row.site_squared_error == pytest.approx(2 * 0.3**2)


def test_the_whole_site_is_the_sum_of_its_places():
    places = [make_place(name=name) for name in ("Dublin", "Cork")]
    for place in places:
        make_blended(place)
        rain_until(place, 3)

    score(*places)
    score(*places)  # nothing is counted twice

    rows = list(SkillCount.objects.all())
    of_places = add_up(row for row in rows if row.place_id)
    whole = add_up(row for row in rows if row.place_id is None)
    assert whole.cases == of_places.cases == 2 * 24
    assert whole.wet_cases == of_places.wet_cases == 2 * 3
    for name in ("model", "source", "site", "climatology"):
        errors = (getattr(sums, f"{name}_squared_error") for sums in (whole, of_places))
        assert next(errors) == pytest.approx(next(errors))
    assert whole.bins == of_places.bins


def test_the_baseline_knows_the_days_before_and_not_the_hours_that_it_is_asked_about():
    place = make_place()
    make_readings(place, until=NOON, hours=24 * 60, precipitation_mm=2.0)
    make_prediction(place)
    make_readings(place, until=NOON + 26 * HOUR, hours=26)

    score(place)

    row = near(place)
    assert row.climatology_squared_error > 2 * 0.9**2  # it has always rained there
    (of_hours, _) = ScoringProgress.objects.get(place=place).climatology
    assert sum(of_hours) < 24 * 60 + 24


def test_what_was_said_of_where_a_place_was_is_no_forecast_of_where_it_is():
    place = make_place()
    make_prediction(place)
    rain_until(place, 0)
    Place.objects.filter(pk=place.pk).update(moved_at=NOON + HOUR)

    score(place)

    assert not SkillCount.objects.exists()


def test_a_move_forgets_what_was_counted_there():
    place = make_place()
    make_prediction(place)
    rain_until(place, 0)
    score(place)

    place.refresh_from_db()
    place.forget_weather(now=NOON)

    assert not SkillCount.objects.filter(place=place).exists()
    assert ScoringProgress.objects.get(place=place).climatology is None


def test_of_many_years_the_newest_two_are_kept():
    for year in (2023, 2024, 2025):
        SkillCount.objects.create(
            year=year, source="", first_lead_hours=1, since_at=NOON, until_at=NOON
        )

    forget_old_skill()

    assert sorted(SkillCount.objects.values_list("year", flat=True)) == [2024, 2025]


@pytest.mark.parametrize("bins", [None, {}, [], [[1]], [["a", 1, 2]], [None] * 30])
def test_bins_that_another_release_wrote_count_nothing(bins):
    row = SkillCount(year=2026, first_lead_hours=1, since_at=NOON, until_at=NOON, bins=bins)

    assert add_up([row]).bins == [(0, 0.0, 0)] * BINS


def test_skill_is_against_climatology():
    sums = SkillSums()
    sums.add(SaidHour(NOON, model=0.5, site=0.9, climatology=0.5, is_wet=True))

    assert sums.skill(sums.model_squared_error) == 0.0
    assert sums.skill(sums.site_squared_error) == pytest.approx(1 - 0.01 / 0.25)
    assert sums.brier(sums.site_squared_error) == pytest.approx(0.01)


def test_without_cases_there_is_neither_score_nor_skill():
    assert SkillSums().brier(0.0) is None
    assert SkillSums().skill(0.0) is None
