"""Each answer is learned from once, whoever is killed, waits or moves meanwhile."""

import pytest

from tests.factories import NOON, make_place
from tests.forecasting.blending.histories import HOUR, learn, make_history, read_scalings
from tests.together import do_at_once
from weatherapp.forecasting.blending import learn_calibration
from weatherapp.forecasting.blending.learn_calibration import STRETCH
from weatherapp.models import Place, PlaceCalibration, Reading

pytestmark = pytest.mark.django_db


def test_each_answer_is_learned_from_once():
    place = make_place()
    make_history(place, answers=2 * STRETCH + 3)

    assert learn() == 2 * STRETCH + 3
    before = list(PlaceCalibration.objects.values())
    assert learn() == 0
    assert list(PlaceCalibration.objects.values()) == before
    assert before[0]["answers"] == 2 * STRETCH + 3
    assert before[0]["learned_until_at"] == NOON + (2 * STRETCH + 2) * HOUR


@pytest.mark.parametrize(("places", "answers"), [(1, 1), (1, STRETCH - 1), (20, 6)])
def test_more_places_and_answers_are_not_more_questions_to_the_database(
    places, answers, django_assert_num_queries
):
    for number in range(places):
        make_history(make_place(name=f"Place {number}"), answers=answers)

    with django_assert_num_queries(11):
        assert learn() == places * answers


def test_stretches_end_anywhere_among_the_places():
    for number in range(3):
        make_history(make_place(name=f"Place {number}"), answers=STRETCH // 2 + 3)

    assert learn() == 3 * (STRETCH // 2 + 3)

    rows = list(PlaceCalibration.objects.order_by("place"))
    assert [row.answers for row in rows] == [STRETCH // 2 + 3] * 3
    assert rows[0].scalings == rows[1].scalings == rows[2].scalings


def test_learning_hour_by_hour_is_learning_at_once():
    at_once, by_and_by = make_place(), make_place(name="Riga")
    make_history(at_once, answers=5)
    make_history(by_and_by, answers=5)
    later = list(by_and_by.readings.filter(observed_at__gt=NOON + 27 * HOUR))
    by_and_by.readings.filter(observed_at__gt=NOON + 27 * HOUR).delete()

    assert learn() == 5 + 2
    Reading.objects.bulk_create(later)
    assert learn() == 3

    assert read_scalings(at_once) == read_scalings(by_and_by)


def test_a_place_that_moves_meanwhile_is_left_alone(monkeypatch):
    place = make_place()
    make_history(place, answers=1)
    hold = Place.objects.hold_all_unmoved

    def move_first(stale):
        Place.objects.update(latitude=10.0)
        return hold(stale)

    monkeypatch.setattr(Place.objects, "hold_all_unmoved", move_first)

    assert learn() == 0
    assert not PlaceCalibration.objects.exists()


class KilledError(Exception):
    """Stands for the end of the process."""


def test_a_killed_worker_leaves_whole_stretches(monkeypatch):
    whole, killed = make_place(), make_place(name="Riga")
    make_history(whole, answers=STRETCH + 10)
    learn()
    make_history(killed, answers=STRETCH + 10)
    case, done = learn_calibration.learn_answer, []

    def die_in_the_second_stretch(*args):
        done.append(args)
        if len(done) > STRETCH + 5:
            raise KilledError
        return case(*args)

    with monkeypatch.context() as patch:
        patch.setattr(learn_calibration, "learn_answer", die_in_the_second_stretch)
        with pytest.raises(KilledError):
            learn()

    row = PlaceCalibration.objects.get(place=killed)
    assert (row.answers, row.learned_until_at) == (STRETCH, NOON + (STRETCH - 1) * HOUR)
    assert learn() == 10
    assert read_scalings(killed) == read_scalings(whole)


def test_killed_before_the_end_of_the_transaction_nothing_is_stored(monkeypatch):
    make_history(make_place(), answers=3)
    write = PlaceCalibration.objects.bulk_create

    def die_after(*args, **kwargs):
        write(*args, **kwargs)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(PlaceCalibration.objects, "bulk_create", die_after)
        with pytest.raises(KilledError):
            learn()

    assert not PlaceCalibration.objects.exists()
    assert learn() == 3


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_learn_from_each_answer_once():
    for name in ("Dublin", "Cork"):
        make_history(make_place(name=name), answers=STRETCH + 5)

    counts = do_at_once(*[learn] * 3)

    assert sum(counts) == 2 * (STRETCH + 5)
    answers = PlaceCalibration.objects.values_list("answers", flat=True)
    assert list(answers) == [STRETCH + 5] * 2
