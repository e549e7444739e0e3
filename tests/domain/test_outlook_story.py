"""What the hours to come bring, as codes and times."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.forecasts import HOUR, make_series, rain
from tests.factories import NOON
from weatherapp.domain.outlook_story import STORY_HOURS, tell_story
from weatherapp.domain.story_spells import Fall


def tell(*, now=NOON, probabilities=None, **columns):
    series = make_series(**columns)
    return tell_story(series, now=now, zone=UTC, probabilities=probabilities)


def hours_of(spell) -> tuple[int, int]:
    """Begin and end, in hours after NOON."""
    return (spell.starts_at - NOON) // HOUR, (spell.ends_at - NOON) // HOUR


def test_a_dry_day_has_no_spell_and_its_likeliest_hour():
    story = tell()

    assert (story.is_dry, story.spells, story.highest_probability) == (True, (), 0.05)
    assert (story.until_at, story.ends_early) == (NOON + 24 * HOUR, False)


def test_rain_has_begin_end_sum_and_its_wettest_hours():
    (spell,) = tell(**rain(h3=2, h4=3, h5=8, h6=7, h7=2, h8=0.5)).spells

    assert (spell.fall, spell.is_expected) == (Fall.RAIN, True)
    assert hours_of(spell) == (2, 8)
    assert spell.amount_mm == 22.5
    assert (spell.peak_starts_at, spell.peak_ends_at) == (NOON + 4 * HOUR, NOON + 6 * HOUR)
    assert (spell.is_under_way, spell.goes_on, spell.has_breaks) == (False, False, False)


def test_even_rain_has_no_peak():
    (spell,) = tell(**rain(h3=2, h4=2, h5=2, h6=2)).spells

    assert spell.peak_starts_at is None


def test_rain_of_the_running_hour_is_under_way_and_light_rain_has_no_sum():
    (spell,) = tell(now=NOON + timedelta(minutes=20), **rain(h1=0.2, h2=0.3)).spells

    assert (spell.is_under_way, spell.amount_mm) == (True, None)
    assert hours_of(spell) == (0, 2)


def test_rain_to_the_end_of_what_is_known_goes_on():
    (spell,) = tell(**rain(h23=1, h24=1)).spells

    assert spell.goes_on


def test_short_breaks_make_one_spell_with_breaks():
    (spell,) = tell(**rain(h3=1, h6=1, h9=1)).spells

    assert (hours_of(spell), spell.has_breaks) == ((2, 9), True)


def test_long_breaks_make_two_spells_and_more_are_told_as_one():
    two = tell(**rain(h3=1, h9=1)).spells
    (many,) = tell(**rain(h3=1, h9=1, h15=1, h21=1)).spells

    assert [hours_of(spell) for spell in two] == [(2, 3), (8, 9)]
    assert (hours_of(many), many.has_breaks) == ((2, 21), True)


@pytest.mark.parametrize(
    ("amount_mm", "probability", "expected"),
    [
        pytest.param(1.0, 0.5, True, id="as likely as not"),
        pytest.param(1.0, 0.49, False, id="less likely than not"),
        pytest.param(1.0, 0.14, None, id="an amount that hardly anybody believes"),
        pytest.param(0.0, 0.3, False, id="possible without an amount"),
        pytest.param(0.0, 0.29, None, id="not worth a word"),
        pytest.param(0.0, 0.6, True, id="expected without an amount"),
        pytest.param(None, 0.6, True, id="no amount known"),
        pytest.param(1.0, None, True, id="no probability known"),
        pytest.param(0.05, None, None, id="too little to count"),
    ],
)
def test_what_is_less_likely_than_not_is_possible_at_most(amount_mm, probability, expected):
    told = tell(precipitation_mm=amount_mm, precipitation_probability=probability).spells

    assert [spell.is_expected for spell in told] == ([] if expected is None else [expected])


def test_the_sites_own_probabilities_count_instead_of_the_sources():
    amounts = rain(h3=2, h4=2)
    denied = tell(probabilities={NOON + lead * HOUR: 0.1 for lead in (3, 4)}, **amounts)
    confirmed = tell(probabilities={NOON + 5 * HOUR: 0.8}, **amounts)

    assert denied.is_dry
    assert denied.highest_probability == 0.1
    assert hours_of(confirmed.spells[0]) == (2, 5)


def test_what_is_expected_is_told_before_what_is_possible():
    chances = [0.05] * 2 + [0.4] * 2 + [0.05] * 6 + [0.9] * 2 + [0.05] * 6 + [0.4] * 2 + [0.05] * 4

    told = tell(precipitation_probability=chances).spells

    assert [(hours_of(spell), spell.is_expected) for spell in told] == [
        ((2, 4), False),
        ((10, 12), True),
    ]


@pytest.mark.parametrize(
    ("columns", "fall"),
    [
        pytest.param({"snowfall_cm": 0.7}, Fall.SNOW, id="all of it"),
        pytest.param({"snowfall_cm": 0.3}, Fall.SNOW_AND_RAIN, id="a part of it"),
        pytest.param({"snowfall_cm": 0.0, "weather_code": 61}, Fall.RAIN, id="none"),
        pytest.param({"weather_code": 73}, Fall.SNOW, id="by its code"),
        pytest.param({"weather_code": [61] * 12 + [73] * 12}, Fall.SNOW_AND_RAIN, id="by both"),
        pytest.param({"weather_code": [61] * 23 + [66]}, Fall.FREEZING_RAIN, id="freezing"),
    ],
)
def test_what_falls(columns, fall):
    (spell,) = tell(precipitation_mm=1.0, precipitation_probability=0.9, **columns).spells

    assert spell.fall is fall


def test_thunder_is_from_its_first_to_its_last_hour():
    story = tell(weather_code=[3] * 4 + [95, 3, 96] + [3] * 17)

    assert story.thunder
    assert (story.thunder.starts_at, story.thunder.ends_at) == (NOON + 4 * HOUR, NOON + 7 * HOUR)


@pytest.mark.parametrize(
    ("columns", "gust_ms", "wind_ms"),
    [
        ({"wind_gust_ms": 13.0, "wind_speed_ms": 9.0}, None, None),
        ({"wind_gust_ms": [14.0] * 5 + [31.0] + [20.0] * 18}, 31.0, None),
        ({"wind_speed_ms": 12.0}, None, 12.0),
        ({"wind_speed_ms": 9.0}, None, None),
    ],
)
def test_wind_is_told_where_it_is_strong(columns, gust_ms, wind_ms):
    story = tell(**columns)

    assert (story.gust.value if story.gust else None) == gust_ms
    assert (story.wind.value if story.wind else None) == wind_ms
    assert gust_ms is None or story.gust.at == NOON + 6 * HOUR


def test_frost_and_its_hour():
    story = tell(temperature_c=[4.0] * 10 + [-3.0, -2.0] + [4.0] * 12)

    assert story.has_frost
    assert (story.lowest.value, story.lowest.at) == (-3.0, NOON + 11 * HOUR)
    assert story.highest.value == 4.0


def test_nothing_known_is_no_story():
    assert tell(temperature_c=None, precipitation_mm=None, precipitation_probability=None) is None
    assert tell(now=NOON + 30 * HOUR) is None


def test_unknown_rain_is_not_dry():
    story = tell(precipitation_mm=None, precipitation_probability=None)

    assert (story.knows_precipitation, story.is_dry) == (False, False)


def test_a_forecast_with_gaps_or_an_early_end_says_so():
    gaps = tell(precipitation_mm=[0.0] * 5 + [None] + [0.0] * 18, precipitation_probability=None)
    short = tell(hours=8)

    assert (gaps.is_partial, gaps.ends_early) == (True, False)
    assert (short.is_partial, short.ends_early) == (False, True)
    assert short.until_at == NOON + 8 * HOUR


OPTIONAL = st.none() | st.floats(0, 1)


@settings(deadline=None, max_examples=60)
@given(
    amounts=st.lists(st.none() | st.sampled_from([0.0, 0.05, 0.1, 2.0, 40.0]), max_size=40),
    chances=st.lists(OPTIONAL, max_size=40),
    own=st.dictionaries(st.integers(-3, 30), st.floats(0, 1)),
    minutes=st.integers(0, 600),
)
def test_all_times_are_within_the_forecast_and_in_order(amounts, chances, own, minutes):
    now = NOON + timedelta(minutes=minutes)
    columns = {"precipitation_mm": amounts, "precipitation_probability": chances}
    own_by_hour = {NOON + lead * HOUR: chance for lead, chance in own.items()}

    story = tell(now=now, probabilities=own_by_hour, temperature_c=None, **columns)

    if story is None:
        return
    assert now - HOUR < story.now_at <= now < story.until_at <= story.now_at + STORY_HOURS * HOUR
    edge = story.now_at
    for spell in story.spells:
        assert edge <= spell.starts_at < spell.ends_at <= story.until_at
        edge = spell.ends_at
        if spell.peak_starts_at:
            assert spell.starts_at <= spell.peak_starts_at < spell.peak_ends_at <= spell.ends_at
        assert spell.goes_on == (spell.ends_at == story.until_at)
    assert len(story.spells) <= 2
