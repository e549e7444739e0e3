"""A place's calibration: learned from its settled answers, and applied to its next ones."""

import pytest

from predictor.online_calibration import PlattScaling
from tests.factories import NOON, make_place, make_readings, make_scene
from tests.forecasting.blending.histories import (
    HOUR,
    ask,
    learn,
    make_history,
    make_rain,
    read_scalings,
    store_answer,
)
from weatherapp import tasks
from weatherapp.forecasting.blending.learn_calibration import find_outcome
from weatherapp.models import PlaceCalibration

pytestmark = pytest.mark.django_db
SETTLED_AT = NOON + 26 * HOUR


@pytest.mark.parametrize(
    ("wet_share", "low", "high"),
    [
        pytest.param(0.5, 0.36, 0.5, id="rains more often than was said"),
        pytest.param(0.1, 0.1, 0.25, id="rains less often"),
        pytest.param(0.3, 0.27, 0.33, id="rains as often"),
    ],
)
def test_answers_move_towards_what_comes(wet_share, low, high):
    place = make_place()
    make_history(place, answers=400, wet_share=wet_share)

    assert learn() == 400

    assert all(low < value < high for value in ask(place).hourly_probability)


@pytest.mark.parametrize(("newest_age_hours", "learned"), [(0, 1), (1, 0)])
def test_rain_that_may_still_be_mended_teaches_nothing(newest_age_hours, learned):
    place = make_place()
    store_answer(place)
    make_readings(place, until=SETTLED_AT - newest_age_hours * HOUR, hours=26)

    assert learn() == learned
    assert PlaceCalibration.objects.count() == learned


def test_a_place_without_readings_or_answers_has_no_row():
    store_answer(make_place())
    make_readings(make_place(name="Riga"), until=SETTLED_AT)

    assert learn() == 0
    assert not PlaceCalibration.objects.exists()


def test_hours_that_nobody_measured_do_not_count():
    place = make_place()
    store_answer(place)
    make_rain(place, [None, *[0.0] * 25])
    place.readings.filter(observed_at=NOON + 2 * HOUR).delete()

    assert learn() == 1

    scalings = read_scalings(place)
    assert [scaling == PlattScaling() for scaling in scalings] == [
        True,
        True,
        *[False] * 22,
        True,
        True,
    ]


def test_an_answer_of_which_no_hour_was_measured_is_passed_over():
    place = make_place()
    store_answer(place)
    make_rain(place, [None] * 26)

    assert learn() == 0
    assert ask(place) is None
    assert PlaceCalibration.objects.get().learned_until_at == NOON


@pytest.mark.parametrize(("rain_mm", "is_wet"), [(0.1, True), (0.09, False)])
def test_an_hour_is_wet_from_a_tenth_of_a_millimetre(rain_mm, is_wet):
    place = make_place()
    store_answer(place)
    make_rain(place, [rain_mm] * 26)

    learn()

    assert all((one.intercept > 0) is is_wet for one in read_scalings(place))


DRY_DAY = (False,) * 24


@pytest.mark.parametrize(
    ("hours", "any_6h", "any_24h"),
    [
        pytest.param(DRY_DAY, False, False, id="dry"),
        pytest.param((*DRY_DAY[:5], True, *DRY_DAY[6:]), True, True, id="the sixth hour"),
        pytest.param((*DRY_DAY[:6], True, *DRY_DAY[7:]), False, True, id="the seventh"),
        pytest.param((*DRY_DAY[:23], None), False, None, id="the last unknown"),
        pytest.param((*(None,) * 23, True), None, True, id="one wet is enough"),
    ],
)
def test_any_is_wet_with_one_wet_hour_and_dry_with_all_of_them(hours, any_6h, any_24h):
    known = {NOON + lead * HOUR: is_wet for lead, is_wet in enumerate(hours, start=1)}
    around = {NOON: True, NOON + 25 * HOUR: True}  # belong to other answers

    outcome = find_outcome(NOON, around | {at: wet for at, wet in known.items() if wet is not None})

    assert outcome == [*hours, any_6h, any_24h]


def test_each_version_of_a_model_learns_from_its_own_answers():
    replaced, new = make_place(), make_place(name="Riga")
    make_history(replaced, answers=60, wet_share=1.0)
    make_history(new, answers=60, wet_share=1.0)
    replaced.predictions.filter(window_end_at__gte=NOON + 40 * HOUR).update(model_version="second")
    new.predictions.filter(window_end_at__lt=NOON + 40 * HOUR).delete()
    new.predictions.update(model_version="second")

    assert learn() == 60 + 20

    assert list(replaced.calibrations.values_list("model_version", "answers")) == [
        ("second", 20),
        ("first", 40),
    ]
    second = replaced.calibrations.get(model_version="second")
    assert second.read_scalings() == read_scalings(new)


def test_a_version_that_is_switched_back_to_goes_on_from_what_it_had():
    switched, steady = make_place(), make_place(name="Riga")
    make_history(switched, answers=30)
    make_history(steady, answers=30)
    between = {"window_end_at__range": (NOON + 10 * HOUR, NOON + 19 * HOUR)}
    switched.predictions.filter(**between).update(model_version="second")
    steady.predictions.filter(**between).delete()

    assert learn() == 30 + 20

    first = switched.calibrations.get(model_version="first")
    assert first.read_scalings() == read_scalings(steady)
    assert (first.answers, first.learned_until_at) == (20, NOON + 29 * HOUR)


def test_an_answer_is_calibrated_by_what_its_own_model_taught_there():
    wet, dry = make_place(), make_place(name="Riga")
    make_history(wet, answers=20, wet_share=1.0)
    make_history(dry, answers=20, wet_share=0.0)
    learn()

    assert ask(wet).hourly_probability[0] > 0.3 > ask(dry).hourly_probability[0]
    assert ask(wet, version="second") is None
    assert ask(make_place(name="Cork")) is None


def test_replays_do_not_learn():
    make_scene()
    make_history(make_place(source="replay"), answers=1)

    assert learn() == 0
    assert not PlaceCalibration.objects.exists()


def test_a_moved_place_forgets_and_does_not_learn_from_the_answers_of_elsewhere():
    place = make_place()
    make_history(place, answers=3)
    learn()

    place.latitude = 10.0
    place.save()
    place.forget_weather(now=NOON + 9 * HOUR)

    assert not PlaceCalibration.objects.exists()
    make_rain(place, [5.0] * 40)  # the days before, fetched for where it is now
    assert learn() == 0
    assert ask(place) is None
    store_answer(place, window_end_at=NOON + 9 * HOUR)  # asked before the move
    store_answer(place, window_end_at=NOON + 10 * HOUR)
    assert learn() == 1


def test_a_place_that_never_learned_can_forget():
    place, learned = make_place(), make_place(name="Riga")
    make_readings(place)
    make_history(learned, answers=2)
    learn()

    place.forget_weather(now=NOON)

    assert not place.readings.exists()
    assert [row.place for row in PlaceCalibration.objects.all()] == [learned]


def test_places_learn_apart():
    wet, dry = make_place(), make_place(name="Riga")
    make_history(wet, answers=5, wet_share=1.0)
    make_history(dry, answers=5, wet_share=0.0)

    learn()

    assert all(one.intercept > 0 for one in read_scalings(wet))
    assert all(one.intercept < 0 for one in read_scalings(dry))


def test_a_calibration_comes_back_as_it_was_stored():
    place = make_place()
    scalings = tuple(PlattScaling(0.1 + i, 1 / (i + 3), 2.5 * i, i / 7, -0.3) for i in range(26))
    row = PlaceCalibration(place=place, learned_until_at=NOON, updated_at=NOON)
    row.set_scalings(scalings)
    row.save()

    assert read_scalings(place) == scalings


def test_the_tick_learns():
    make_history(make_place(), answers=2)

    tasks.score_and_fit()

    assert PlaceCalibration.objects.get().answers == 2
