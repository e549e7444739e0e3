"""The queue in figures, by address and by command."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import call_command

from dyno.reports import SILENT_AFTER_S, Report, write_report
from tests.factories import NOON, make_place, make_prediction, make_request
from tests.reports import store_report
from weatherapp.forecasting.asking import queue_status
from weatherapp.forecasting.asking.dispatch import LOST_AFTER
from weatherapp.models import PredictionRequest, RequestPriority, RequestState

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def report(name, *, kind="predictor"):
    write_report(Report(instance=name, process_type=kind, pid=1, memory_mb=1.0))


def status(client):
    response = client.get("/queue-status")
    assert response.status_code == 200
    return response.json()


def answer(place, *, hours_ago, sent_at, answered_at):
    prediction = make_prediction(
        place, window_end_at=NOON - hours_ago * HOUR, answered_at=answered_at
    )
    PredictionRequest.objects.filter(pk=prediction.request_id).update(
        sent_at=sent_at, created_at=sent_at
    )


def test_an_idle_site_has_a_full_answer(broker, client):
    assert status(client) == {
        "queue_size": 0,
        "waiting": {"people": 0, "schedule": 0},
        "oldest_wait_s": None,
        "is_processing": False,
        "current_job": None,
        "service_time_p50_ms": None,
        "service_time_p95_ms": None,
        "service_times_measured": 0,
        "predictors_alive": 0,
        "suggested_predictors": 1,
    }


def test_what_waits_is_told_by_priority_and_age(broker, client):
    place = make_place()
    make_request(place, priority=RequestPriority.PEOPLE, created_at=NOON - 90 * SECOND)
    make_request(place, window_end_at=NOON - HOUR)

    told = status(client)

    assert told["queue_size"] == 2
    assert told["waiting"] == {"people": 1, "schedule": 1}
    assert told["oldest_wait_s"] == 90.0


def test_the_job_in_hand_is_named(broker, client):
    place = make_place(name="Dublin")
    request = make_request(place, sent_at=NOON)
    make_request(make_place(name="Cork"), sent_at=NOON + SECOND)
    report("predictor@here:1")

    told = status(client)
    PredictionRequest.objects.update(state=RequestState.ANSWERED)

    assert told["is_processing"] is True
    assert told["current_job"] == {
        "request_id": str(request.pk),
        "place": "Dublin",
        "priority": "SCHEDULE",
        "sent_at": NOON.isoformat(),
    }
    assert status(client)["current_job"] is None


def test_what_was_lost_on_the_way_is_no_job(broker, client):
    make_request(make_place(), sent_at=NOON - LOST_AFTER)
    report("predictor@here:1")

    assert status(client)["is_processing"] is False


def test_a_job_whose_predictor_is_gone_is_not_being_processed(broker, client):
    make_request(make_place(), sent_at=NOON)

    told = status(client)

    assert told["predictors_alive"] == 0
    assert told["is_processing"] is False


def test_only_predictors_that_reported_lately_are_alive(broker, client):
    report("predictor@here:1")
    report("predictor@here:2")
    report("worker@here:3", kind="worker")
    store_report(broker, "predictor", instance="predictor@there:9", age_s=SILENT_AFTER_S + 1)

    assert status(client)["predictors_alive"] == 2


def test_service_times_are_those_of_the_answers(broker, client):
    place = make_place()
    for number in range(21):
        at = NOON + number * SECOND
        took = 0.5 if number == 20 else 0.02
        answer(place, hours_ago=number, sent_at=at, answered_at=at + timedelta(seconds=took))

    told = status(client)

    assert told["service_times_measured"] == 20
    assert told["service_time_p50_ms"] == pytest.approx(20)
    assert told["service_time_p95_ms"] == pytest.approx(20)


def test_more_predictors_are_suggested_under_load(broker, client, capsys):
    place = make_place()
    for number in range(1, 4):  # each took 100 s
        answer(
            place,
            hours_ago=number,
            sent_at=NOON - 300 * SECOND,
            answered_at=NOON - (300 - 100 * number) * SECOND,
        )
    make_request(place)

    told = status(client)
    call_command("queue_status", "--scale")

    # 4 requests in 600 s, each 100 s, at most 70 % busy: 0.95; and 1 that waits: 1.67
    assert told["suggested_predictors"] == 3
    assert capsys.readouterr().out == "heroku ps:scale predictor=3\n"


def test_the_command_prints_the_same_as_the_address(broker, client, capsys):
    make_request(make_place())

    call_command("queue_status")

    assert json.loads(capsys.readouterr().out) == status(client)


def test_without_redis_the_rows_still_tell_and_the_rest_is_unknown(redis_is_down, client):
    make_request(make_place())

    told = status(client)

    assert told["queue_size"] == 1
    assert told["predictors_alive"] is None
    assert told["is_processing"] is None


def test_without_the_database_it_says_so(redis_is_down, client, monkeypatch):
    from django.db import OperationalError

    def fail():
        raise OperationalError("no such host")

    monkeypatch.setattr(queue_status, "count_waiting", fail)

    response = client.get("/queue-status")

    assert response.status_code == 503
    assert response.json()["code"] == "database_down"
    assert "no such host" not in response.content.decode()


def test_figures_are_not_kept_by_caches_nor_changed_by_asking(broker, client):
    assert "no-cache" in client.get("/queue-status")["Cache-Control"]
    assert client.post("/queue-status").status_code == 405
