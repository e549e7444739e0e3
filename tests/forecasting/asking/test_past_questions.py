"""A try asks the model about hours that it was never asked about; the answers stay the try's."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from predictor import contract, messages
from tests.factories import (
    NOON,
    make_answer,
    make_place,
    make_prediction,
    make_readings,
    rain_soon,
    storm_gusts,
)
from tests.forecasting.asked import answer_message
from tests.forecasting.windows import build_window
from weatherapp import tasks
from weatherapp.alerting import trying
from weatherapp.alerting.tried import read_result
from weatherapp.alerting.trying import CannotTryError, Wish, ask, count_questions
from weatherapp.forecasting.asking import past_windows
from weatherapp.forecasting.asking.past_windows import (
    ANSWER_WITHIN,
    IN_FLIGHT,
    MOST_ATTEMPTS,
    ask_more,
    record_past_answers,
)
from weatherapp.intake.archive import read_archive
from weatherapp.models import Backtest, BacktestQuestion, BacktestState, Prediction

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
WET = [0.8] * 24


def make_wish(place, says=None, **more):
    """The last hours before noon."""
    more = {"after_at": NOON - 6 * HOUR, "asks_model": True} | more
    return Wish("Rain soon", says or rain_soon(), [place], **more)


def begin(place, **more):
    return ask(make_wish(place, **more), read_archive, asked_by_id=None, now=NOON)


def make_known_place(hours=48):
    place = make_place()
    make_readings(place, hours=hours)
    return place


def read_bodies(broker):
    return [
        json.loads(b64decode(json.loads(text)["body"]))
        for text in reversed(broker.lrange(contract.SCHEDULE_QUEUE, 0, -1))
    ]


def read_questions(broker):
    """Of all messages on the schedule's queue, oldest first."""
    return [
        question
        for _, arguments, _ in read_bodies(broker)
        for question in messages.parse_questions(arguments["questions"])
    ]


def answer(broker, message=None):
    """Everything that is on the queue, as the predictor does; how much it was."""
    questions = read_questions(broker)
    broker.delete(contract.SCHEDULE_QUEUE)
    said = make_answer(hourly_probability=WET) if message is None else message
    tasks.record_past_answers(
        answer_message(**{question.request_id: said for question in questions})
    )
    return len(questions)


def test_hours_without_a_prediction_are_counted_and_asked(broker):
    place = make_known_place()
    make_prediction(place, window_end_at=NOON - 2 * HOUR)

    assert count_questions(make_wish(place), read_archive) == 5
    row = begin(place)
    tasks.run_backtest(backtest_id=row.pk)

    asked = [NOON - age * HOUR for age in (5, 4, 3, 1, 0)]
    assert [window.window_end_at for window in read_windows(broker)] == asked
    ((_, _, embedded),) = read_bodies(broker)
    (callback,) = embedded["callbacks"]
    assert callback["task"] == "weatherapp.tasks.record_past_answers"
    assert callback["options"]["queue"] == "default"


def read_windows(broker):
    return [
        contract.parse_window(contract.SCHEMA_VERSION, question.window)
        for question in read_questions(broker)
    ]


def test_a_window_is_what_the_live_site_would_have_sent(broker):
    place = make_known_place(hours=120)
    place.readings.filter(observed_at=NOON - 3 * HOUR).update(dew_point_c=None)

    tasks.run_backtest(backtest_id=begin(place).pk)

    live = [
        build_window(place, end_at=NOON - age * HOUR, now=NOON - age * HOUR)
        for age in reversed(range(6))
    ]
    assert read_windows(broker) == live
    assert live[0].climate != contract.UNKNOWN_CLIMATE


def test_a_replays_window_is_of_the_hours_that_its_source_keeps(broker):
    place = make_place(name="JFK", source="replay", station="JFK")
    at = read_archive(place).first_at + 100 * 24 * HOUR

    row = begin(place, after_at=at - HOUR, until_at=at)
    tasks.run_backtest(backtest_id=row.pk)

    (window,) = read_windows(broker)
    known = read_archive(place).at(at)
    assert window.hours[-1] == tuple(known.get(name) for name in contract.FEATURE_NAMES)
    assert window.climate[contract.CLIMATE_NAMES.index("known_days")] > 85


def test_with_the_last_answer_the_try_goes_on_and_knows_all_hours(broker):
    row = begin(make_known_place())

    tasks.run_backtest(backtest_id=row.pk)
    assert answer(broker) == 6
    assert broker.llen("default") == 1  # the last answer alone goes on
    tasks.run_backtest(backtest_id=row.pk)

    row.refresh_from_db()
    assert row.state == BacktestState.DONE
    score = read_result(row.stretches.get().result).scores[0]
    assert (score.hours, score.hours_without_data, score.alerts) == (6, 0, 1)
    assert not Prediction.objects.exists()


def test_many_are_asked_in_batches(broker, monkeypatch):
    monkeypatch.setattr(past_windows, "IN_FLIGHT", 4)
    row = begin(make_known_place())

    asked = []
    while not Backtest.objects.get(pk=row.pk).is_finished:
        tasks.run_backtest(backtest_id=row.pk)
        asked.append(answer(broker))

    assert asked == [4, 2, 0]
    assert IN_FLIGHT == 50


def test_while_answers_are_awaited_nothing_is_asked_twice(broker):
    row = begin(make_known_place())

    for _ in range(3):
        tasks.run_backtest(backtest_id=row.pk)

    assert len(read_questions(broker)) == 6
    row.refresh_from_db()
    assert row.state == BacktestState.WAITING


def test_lost_answers_are_asked_again_and_in_the_end_unknown(broker):
    row = begin(make_known_place())
    for number in range(MOST_ATTEMPTS):
        assert ask_more(row.pk, read_archive, now=NOON + number * ANSWER_WITHIN)
        assert len(read_questions(broker)) == 6
        broker.delete(contract.SCHEDULE_QUEUE)

    assert not ask_more(row.pk, read_archive, now=NOON + MOST_ATTEMPTS * ANSWER_WITHIN)

    assert set(BacktestQuestion.objects.values_list("error", flat=True)) == {"NoAnswer"}


@pytest.mark.usefixtures("redis_is_down")
def test_a_broker_that_is_down_loses_nothing():
    row = begin(make_known_place())

    assert ask_more(row.pk, read_archive, now=NOON)

    assert BacktestQuestion.objects.filter(sent_at=None, answered_at=None).count() == 6


@pytest.mark.parametrize(
    ("message", "error"),
    [
        pytest.param(contract.Refusal("ModelError", "gone").to_wire(), "ModelError", id="refused"),
        pytest.param(make_answer(probability_any_6h=7.0), "ContractError", id="impossible"),
        pytest.param({}, "ContractError", id="nothing"),
    ],
)
def test_what_is_no_answer_counts_as_unknown(broker, message, error):
    row = begin(make_known_place())
    tasks.run_backtest(backtest_id=row.pk)

    answer(broker, message)
    tasks.run_backtest(backtest_id=row.pk)

    row.refresh_from_db()
    assert row.state == BacktestState.DONE
    assert set(BacktestQuestion.objects.values_list("error", flat=True)) == {error}
    assert read_result(row.stretches.get().result).scores[0].hours_without_data == 6


def test_hours_of_which_too_little_is_known_are_not_asked(broker):
    place = make_place()
    make_readings(place, hours=3)
    row = begin(place)

    tasks.run_backtest(backtest_id=row.pk)

    assert read_questions(broker) == []
    row.refresh_from_db()
    assert row.state == BacktestState.DONE


def record(question_id, said, *, now):
    return record_past_answers(answer_message(**{str(question_id): said}), now=now)


def test_an_answer_counts_once_and_not_for_a_try_that_is_over(broker):
    row = begin(make_known_place())
    tasks.run_backtest(backtest_id=row.pk)
    first, second, *_ = BacktestQuestion.objects.all()
    record(first.pk, make_answer(hourly_probability=WET), now=NOON)
    record(first.pk, make_answer(), now=NOON + HOUR)
    Backtest.objects.cancel(row.pk, now=NOON)

    assert record(second.pk, make_answer(), now=NOON) == []
    assert record(999, make_answer(), now=NOON) == []

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.hourly_probability, first.answered_at) == (WET, NOON)
    assert second.answered_at is None


def test_a_cancelled_try_asks_no_more(broker):
    row = begin(make_known_place())
    Backtest.objects.cancel(row.pk, now=NOON)

    tasks.run_backtest(backtest_id=row.pk)

    assert read_questions(broker) == []


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"asks_model": False}, id="nobody wants it"),
        pytest.param({"says": storm_gusts()}, id="the rule looks at no probability"),
    ],
)
def test_who_needs_no_prediction_asks_for_none(more):
    assert count_questions(make_wish(make_known_place(), **more), read_archive) == 0


def test_too_many_questions_are_refused(monkeypatch):
    monkeypatch.setattr(trying, "MOST_QUESTIONS", 5)

    with pytest.raises(CannotTryError) as refused:
        begin(make_known_place())

    assert (refused.value.code, refused.value.limit) == ("TOO_MANY_QUESTIONS", 5)
    assert not Backtest.objects.exists()


def test_half_an_answer_cannot_be():
    row = begin(make_known_place())

    with pytest.raises(IntegrityError), transaction.atomic():
        BacktestQuestion.objects.of(row.pk).update(hourly_probability=WET)
