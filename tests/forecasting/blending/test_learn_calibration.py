"""A place's own misses: learned from its settled answers, and sent with its windows."""

import pytest

from predictor import contract
from predictor.recalibration import OWN_LINES, Line, recalibrate
from tests.factories import NOON, make_place, make_readings, make_scene
from tests.forecasting.blending.histories import (
    HOUR,
    SAID,
    learn,
    make_history,
    make_rain,
    read_lines,
    store_answer,
)
from weatherapp import tasks
from weatherapp.forecasting.asking.window import build_window
from weatherapp.forecasting.blending.learn_calibration import find_outcome
from weatherapp.forecasting.blending.place_calibration import read_recalibration
from weatherapp.models import PlaceCalibration, Reading

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

    moved = recalibrate(SAID, read_recalibration(place).lines)
    assert all(low < value < high for value in moved[:24])


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

    lines = read_lines(place)
    assert [line == Line() for line in lines] == [True, True, *[False] * 22, True, True]


def test_an_answer_of_which_no_hour_was_measured_is_passed_over():
    place = make_place()
    store_answer(place)
    make_rain(place, [None] * 26)

    assert learn() == 0
    assert read_recalibration(place) is None
    assert PlaceCalibration.objects.get().learned_until_at == NOON


@pytest.mark.parametrize(("rain_mm", "is_wet"), [(0.1, True), (0.09, False)])
def test_an_hour_is_wet_from_a_tenth_of_a_millimetre(rain_mm, is_wet):
    place = make_place()
    store_answer(place)
    make_rain(place, [rain_mm] * 26)

    learn()

    assert all((line.intercept > 0) is is_wet for line in read_lines(place))


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


def test_a_new_version_of_the_model_begins_anew():
    replaced, new = make_place(), make_place(name="Riga")
    make_history(replaced, answers=60, wet_share=1.0)
    make_history(new, answers=60, wet_share=1.0)
    replaced.predictions.filter(window_end_at__gte=NOON + 40 * HOUR).update(model_version="second")
    new.predictions.filter(window_end_at__lt=NOON + 40 * HOUR).delete()
    new.predictions.update(model_version="second")

    assert learn() == 60 + 20

    row = PlaceCalibration.objects.get(place=replaced)
    assert (row.model_version, row.answers) == ("second", 20)
    assert read_lines(replaced) == read_lines(new)


def test_what_was_sent_is_undone():
    """Answers that carry the lines of their day teach the same as those of the model alone."""
    raw, moved, foreign = make_place(), make_place(name="Riga"), make_place(name="Cork")
    sent = contract.Recalibration("first", tuple((0.02 * i, 1.3 - 0.02 * i) for i in range(26)))
    of_another = contract.Recalibration("second", sent.lines)
    make_history(raw, answers=30)
    make_history(moved, answers=30, said=recalibrate(SAID, sent.lines), sent=sent)
    make_history(foreign, answers=30, sent=of_another)  # not applied: another model answered

    learn()

    for place in (moved, foreign):
        for line, own in zip(read_lines(place), read_lines(raw), strict=True):
            # Answers are stored with four decimals.
            assert line.intercept == pytest.approx(own.intercept, abs=1e-4)
            assert line.slope == pytest.approx(own.slope, abs=1e-4)
    assert read_lines(raw) != OWN_LINES


def test_learning_goes_on_from_answers_that_it_moved_itself():
    raw, live = make_place(), make_place(name="Riga")
    make_history(raw, answers=60)
    make_rain(live, raw.readings.order_by("observed_at").values_list("precipitation_mm", flat=True))
    rain = list(live.readings.order_by("observed_at"))
    live.readings.all().delete()
    for index in range(60):
        sent = read_recalibration(live)
        said = recalibrate(SAID, sent.lines) if sent else SAID
        store_answer(live, window_end_at=NOON + index * HOUR, said=said, sent=sent)
        Reading.objects.bulk_create([rain[index]])
        learn()
    Reading.objects.bulk_create(rain[60:])

    learn()

    pairs = zip(read_lines(live), read_lines(raw), strict=True)
    assert all(ours.intercept == pytest.approx(own.intercept, abs=1e-3) for ours, own in pairs)
    assert PlaceCalibration.objects.get(place=live).answers == 60
    assert live.predictions.exclude(hourly_probability=list(SAID[:24])).exists()


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
    place.forget_weather()

    assert not PlaceCalibration.objects.exists()
    make_rain(place, [5.0] * 40)  # the days before, fetched for where it is now
    assert learn() == 0
    assert read_recalibration(place) is None
    store_answer(place, window_end_at=NOON + 10 * HOUR)
    assert learn() == 1


def test_a_place_that_never_learned_can_forget():
    place, learned = make_place(), make_place(name="Riga")
    make_readings(place)
    make_history(learned, answers=2)
    learn()

    place.forget_weather()

    assert not place.readings.exists()
    assert [row.place for row in PlaceCalibration.objects.all()] == [learned]


def test_places_learn_apart():
    wet, dry = make_place(), make_place(name="Riga")
    make_history(wet, answers=5, wet_share=1.0)
    make_history(dry, answers=5, wet_share=0.0)

    learn()

    assert all(line.intercept > 0 for line in read_lines(wet))
    assert all(line.intercept < 0 for line in read_lines(dry))


def test_lines_come_back_as_they_were_stored():
    place = make_place()
    lines = tuple(Line(0.1 + i, 1 / (i + 3), 2.5 * i, i / 7, -0.3) for i in range(26))
    row = PlaceCalibration(place=place, learned_until_at=NOON, updated_at=NOON)
    row.set_lines(lines)
    row.save()

    assert read_lines(place) == lines


def test_a_window_carries_what_was_learned():
    place = make_place()
    make_history(place, answers=3, wet_share=1.0)
    make_readings(place)
    assert build_window(place, end_at=NOON, now=NOON).recalibration is None
    learn()

    window = build_window(place, end_at=NOON, now=NOON)

    assert window.recalibration.model_version == "first"
    for line, sent in zip(read_lines(place), window.recalibration.lines, strict=True):
        assert sent == pytest.approx((line.intercept, line.slope), abs=1e-4)
        assert sent != (0.0, 1.0)
    assert contract.parse_window(contract.SCHEMA_VERSION, window.to_wire()) == window


def test_the_tick_learns():
    make_history(make_place(), answers=2)

    tasks.score_and_fit()

    assert PlaceCalibration.objects.get().answers == 2
