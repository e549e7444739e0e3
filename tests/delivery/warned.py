"""Official warnings that people are told of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.delivery.reading import parse
from tests.delivery.sending import send_one
from tests.factories import make_place
from tests.official.making import NOON, make_area, make_cap, make_info
from tests.official.stored import known_source, store
from weatherapp.delivery import official_outbox, outbox
from weatherapp.delivery.messages import write_alert_mail
from weatherapp.models import Delivery, OfficialChange, Place, PlaceCode, WarningSource

HOUR = timedelta(hours=1)
LATER = "2026-03-01T11:00:00+00:00"


def make_coded_place(name: str = "Muri", code: str = "XX001", **fields: Any) -> Place:
    """In one area of MeteoAlarm's register."""
    place = make_place(name=name, latitude=47.5, longitude=8.5, **fields)
    PlaceCode.objects.create(place=place, scheme="EMMA_ID", value=code)
    return place


def warn(source: WarningSource | None = None, **said: str) -> WarningSource:
    """A moderate warning of wind from 10:00 to 18:00 of this day, at XX001."""
    source = source or known_source()
    store(source, make_cap("a", infos=[make_info(**said)]))
    return source


def update(
    source: WarningSource, kind: str = "Update", *, at: datetime = NOON, **said: str
) -> None:
    """The next message about the same."""
    infos = [] if kind == "Cancel" else [make_info(**said)]
    store(source, make_cap("b", kind=kind, references=["a"], sent=LATER, infos=infos), now=at)


def area_of(*codes: str) -> str:
    return make_area(codes=[("EMMA_ID", code) for code in codes])


def owe(*, now: datetime = NOON) -> list[Delivery]:
    """What is new in the outbox, the oldest first."""
    known = set(Delivery.objects.values_list("pk", flat=True))
    official_outbox.owe_official_mails(now=now)
    return list(Delivery.objects.exclude(pk__in=known).order_by("pk"))


def mail_of(delivery: Delivery) -> Any:
    """As it goes over the wire, parsed again."""
    fresh = Delivery.objects.get(pk=delivery.pk)
    return parse(write_alert_mail(fresh).message().as_bytes(linesep="\r\n"))


def list_told(deliveries: Sequence[Delivery]) -> list[tuple[str, str]]:
    """Reason and mailbox of each."""
    return sorted(
        (row.official_change.reason, row.subscription.email_key)  # type: ignore[union-attr]
        for row in deliveries
    )


def count_waiting() -> int:
    return OfficialChange.objects.filter(awaits_mails=True).count()


def send(delivery: Delivery, now: datetime = NOON) -> str:
    """The row's state afterwards, and why it was dropped."""
    send_one(outbox.send, delivery.pk, now=now)
    delivery.refresh_from_db()
    return delivery.drop_reason or delivery.state
