"""Who is owed a mail about an official warning: once a mailbox and change."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.delivery.warned import (
    HOUR,
    area_of,
    count_waiting,
    list_told,
    make_coded_place,
    owe,
    update,
    warn,
)
from tests.factories import make_alert, make_rule, make_subscription
from tests.official.feeds import make_source
from tests.official.making import NOON, make_cap, make_info
from tests.official.stored import known_source, store
from tests.together import do_at_once
from weatherapp.delivery import official_outbox, outbox
from weatherapp.models import Delivery, OfficialChange

pytestmark = pytest.mark.django_db
READER = "reader@example.org"


@pytest.fixture
def place():
    return make_coded_place()


def test_who_subscribes_to_a_place_is_owed_one_mail_about_a_warning_there(place):
    make_subscription(place)
    make_subscription(make_coded_place("Elsewhere", "XX002"), email="other@example.org")
    warn()

    assert list_told(owe()) == [("ISSUED", READER)]
    assert owe() == []
    assert count_waiting() == 0


@pytest.mark.parametrize(
    "fields", [{"confirmed_at": None}, {"unsubscribed_at": NOON}], ids=["not confirmed", "has left"]
)
def test_who_did_not_confirm_or_has_left_is_not_told(place, fields):
    make_subscription(place, **fields)
    warn()

    assert owe() == []


def test_what_was_there_at_the_first_load_is_owed_to_nobody(place):
    make_subscription(place)
    warn(make_source())

    assert owe() == []


def test_somebody_with_several_places_under_one_warning_gets_one_mail(place):
    other = make_coded_place("Wohlen")
    for where in (place, other):
        make_subscription(where)
    make_subscription(other, email="other@example.org")
    warn()

    assert list_told(owe()) == [("ISSUED", "other@example.org"), ("ISSUED", READER)]


def test_two_sources_of_one_danger_owe_one_mail(place):
    make_subscription(place)
    store(known_source(key="a"), make_cap("x"))
    told = owe()
    store(known_source(key="b"), make_cap("y"))

    assert list_told([*told, *owe()]) == [("ISSUED", READER)]


def test_each_change_that_matters_owes_a_mail_and_others_none(place):
    make_subscription(place)
    source = warn()
    told = owe()
    update(source, severity="Extreme")
    told += owe()
    infos = [make_info(severity="Minor")]
    sent = "2026-03-01T11:30:00+00:00"
    store(source, make_cap("c", kind="Update", references=["a", "b"], sent=sent, infos=infos))

    assert list_told([*told, *owe()]) == [("ESCALATED", READER), ("ISSUED", READER)]
    assert OfficialChange.objects.filter(reason="REDUCED").exists()


def test_a_warning_that_reaches_more_places_is_told_only_there(place):
    other = make_coded_place("Wohlen", "XX002")
    make_subscription(place)
    make_subscription(other, email="other@example.org")
    source = warn()
    owe()
    update(source, at=NOON + HOUR, rest=area_of("XX001", "XX002"))

    assert list_told(owe()) == [("SPREAD", "other@example.org")]


def test_a_second_source_at_the_same_places_is_no_spread_there(place):
    """Of two places one is new to the warning; at the other only the second source is."""
    other = make_coded_place("Wohlen", "XX002")
    make_subscription(place)
    make_subscription(other, email="other@example.org")
    store(known_source(key="a"), make_cap("x"))
    owe()
    info = make_info(rest=area_of("XX001", "XX002"))
    store(known_source(key="b"), make_cap("y", infos=[info]), now=NOON + HOUR)

    assert list_told(owe()) == [("SPREAD", "other@example.org")]


def test_places_where_its_only_event_is_over_are_left_out(place):
    other = make_coded_place("Wohlen", "XX002")
    make_subscription(place)
    make_subscription(other, email="other@example.org")
    source = warn(rest=area_of("XX001", "XX002"))
    owe()
    update(source, at=NOON + HOUR, severity="Extreme")  # at XX001 alone

    assert list_told(owe()) == [("ESCALATED", READER)]


def test_a_storm_takes_as_many_queries_as_a_breeze():
    def count(warnings: int) -> int:
        source = known_source(key=f"s{warnings}")
        for number in range(warnings):
            code = f"X{warnings}{number:03}"
            place = make_coded_place(code, code)
            make_subscription(place, email=f"{code}@example.org")
            info = make_info(rest=area_of(code))
            store(source, make_cap(f"{warnings}-{number}", infos=[info]))
        with CaptureQueriesContext(connection) as captured:
            assert len(owe()) == warnings
        return len(captured)

    assert count(2) == count(30)


def test_more_changes_than_go_together_are_all_taken(place, monkeypatch):
    monkeypatch.setattr(official_outbox, "CHANGES_TOGETHER", 2)
    monkeypatch.setattr(official_outbox, "ROWS_TOGETHER", 1)
    make_subscription(place)
    make_subscription(place, email="other@example.org")
    source = known_source()
    kinds = ["Wind", "Snow", "Heat", "Fog", "Thunderstorm"]
    store(source, *(make_cap(kind, infos=[make_info(event=kind)]) for kind in kinds))

    assert len(owe()) == 10


def test_what_does_not_fit_the_time_waits_for_the_next_tick(place):
    make_subscription(place)
    warn()

    assert official_outbox.owe_official_mails(now=NOON, is_time_up=lambda: True) == 0
    assert len(owe()) == 1


def test_a_worker_that_fails_in_the_middle_leaves_the_change_waiting(place, monkeypatch):
    make_subscription(place)
    warn()

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Delivery.objects, "bulk_create", fail)
    with pytest.raises(RuntimeError):
        official_outbox.owe_official_mails(now=NOON)
    monkeypatch.undo()

    assert count_waiting() == 1
    assert len(owe()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_owe_each_mail_once(place):
    for number in range(5):
        make_subscription(place, email=f"reader-{number}@example.org")
    warn()

    def work() -> int:
        return official_outbox.owe_official_mails(now=NOON)

    assert sorted(do_at_once(work, work)) == [0, 5]
    assert Delivery.objects.count() == 5


def test_a_delivery_is_about_one_change_and_no_more(place):
    make_subscription(place)
    warn()
    (official,) = owe()
    make_subscription(place, email="other@example.org")
    alert = make_alert(make_rule(place))
    outbox.enqueue([alert.changes.get().pk], now=NOON)
    ours = Delivery.objects.filter(change__isnull=False)[0]

    for row, fields in (
        (official, {"change": ours.change}),
        (ours, {"change": None}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.filter(pk=row.pk).update(**fields)
