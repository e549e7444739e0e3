"""What /health reads off the tables."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    make_alert,
    make_place,
    make_prediction,
    make_request,
    make_rule,
    make_subscription,
)
from weatherapp.health.facts import Work, read_work
from weatherapp.models import AlertChange, Delivery, DeliveryState, Place, RequestState, TickRun

MINUTE = timedelta(minutes=1)
NOW = timezone.now()


@pytest.fixture
def place(db) -> Place:
    return make_place()


def ago(minutes: float):
    return NOW - minutes * MINUTE


def ask(place: Place, *, minutes_ago: float, **fields) -> None:
    created_at = ago(minutes_ago)
    times = {"created_at": created_at, "expires_at": created_at + 60 * MINUTE}
    make_request(place, window_end_at=created_at, **(times | fields))


def answer(place: Place, *, minutes_ago: float) -> None:
    make_prediction(place, window_end_at=ago(minutes_ago), answered_at=ago(minutes_ago))


def read() -> Work:
    return read_work(NOW)


def owe_mail(place: Place, *, minutes_ago: float, state=DeliveryState.PENDING) -> None:
    alert = make_alert(make_rule(place, name=f"{minutes_ago} {state}"))
    Delivery.objects.create(
        change=AlertChange.objects.get(alert=alert),
        subscription=make_subscription(place, email=f"{minutes_ago}-{state}@example.org"),
        created_at=ago(minutes_ago),
        due_at=ago(minutes_ago),
        state=state,
    )


def test_answers_and_waiting_requests_are_counted(place):
    answer(place, minutes_ago=20)
    answer(place, minutes_ago=10)
    ask(place, minutes_ago=2)

    work = read()

    assert work.answered_at == ago(10)
    assert work.waiting == 1
    assert work.missed_at is None


@pytest.mark.parametrize(
    ("state", "minutes_ago", "is_missing"),
    [
        pytest.param(RequestState.WAITING, 4, False, id="asked a moment ago"),
        pytest.param(RequestState.WAITING, 6, True, id="asked a while ago"),
        pytest.param(RequestState.EXPIRED, 90, True, id="not answered in time"),
        pytest.param(RequestState.REFUSED, 6, True, id="refused"),
        pytest.param(RequestState.EXPIRED, 600, False, id="long forgotten"),
        pytest.param(RequestState.CANCELLED, 90, False, id="no longer wanted"),
    ],
)
def test_prediction_is_missing_when_nothing_was_answered_since(
    place, state, minutes_ago, is_missing
):
    answer(place, minutes_ago=700)
    ask(place, minutes_ago=minutes_ago, state=state)

    assert read().missed_at == (ago(minutes_ago) if is_missing else None)


def test_predictor_that_answers_others_is_at_work(place):
    ask(place, minutes_ago=30)
    answer(make_place(name="Cork"), minutes_ago=1)

    assert read().missed_at is None


def test_answer_from_the_future_does_not_hide_that_none_comes(place):
    answer(place, minutes_ago=40)
    ask(place, minutes_ago=30)
    answer(make_place(name="Cork"), minutes_ago=-180)

    work = read()

    assert (work.answered_at, work.missed_at) == (ago(40), ago(30))


def test_oldest_due_place_is_found_among_the_active_ones_also_while_somebody_holds_it(db):
    make_place(name="Ahead", next_refresh_at=ago(-30))
    make_place(name="Due", next_refresh_at=ago(5))
    make_place(name="Held", next_refresh_at=ago(70), claimed_until=ago(-1))
    make_place(name="Off", next_refresh_at=ago(500), is_active=False)

    work = read()

    assert (work.places, work.oldest_due_at) == (3, ago(70))
    assert sum(source.overdue_places for source in work.sources) == 1


def test_each_source_has_the_age_of_its_newest_success(db, settings):
    settings.WEATHER_SOURCE = "open_meteo"
    make_place(name="A", source="open_meteo", fetched_at=ago(300))
    make_place(name="B", source="", fetched_at=ago(30))
    make_place(name="C", source="replay", fetched_at=ago(200))
    make_place(name="D", source="replay", fetched_at=ago(-90))  # by a clock that was ahead

    newest = {}
    for source in read().sources:
        newest[source.name] = max(newest.get(source.name, source.fetched_at), source.fetched_at)

    assert newest == {"open_meteo": ago(30), "replay": ago(200)}


def test_failed_and_misplanned_places_are_counted(db):
    make_place(name="Failed", fetch_failures=2)
    make_place(name="In three hours", next_refresh_at=ago(-180))
    make_place(
        name="Tomorrow, since its source said so", fetch_failures=1, next_refresh_at=ago(-1440)
    )

    work = read()

    assert work.failed_places == 2
    assert sum(source.places_ahead for source in work.sources) == 1


def test_oldest_unsent_mails_are_found(place):
    owe_mail(place, minutes_ago=20)
    owe_mail(place, minutes_ago=30)
    owe_mail(place, minutes_ago=90, state=DeliveryState.SENT)
    owe_mail(place, minutes_ago=-10)
    make_subscription(place, email="new@example.org", confirmation_due_at=ago(40))

    work = read()

    assert (work.mail_due_at, work.confirmation_due_at) == (ago(30), ago(40))


@pytest.mark.parametrize("places", [0, 1, 50])
def test_questions_to_the_tables_are_as_many_however_many_places(
    db, django_assert_num_queries, places
):
    for number in range(places):
        ask(make_place(name=f"Place {number}", next_refresh_at=ago(number)), minutes_ago=30)
    TickRun.objects.create(name="a_tick", every_s=60, started_at=NOW)

    with django_assert_num_queries(11):
        work = read()

    assert work.places == work.waiting == places
    assert [tick.name for tick in work.ticks] == ["a_tick"]
