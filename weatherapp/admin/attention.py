"""What an operator should look at first: counted in the database, said in admin/attention.html."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from weatherapp.admin.attention_rules import count_rules
from weatherapp.admin.lists import FAILED_FETCH, no_weather, old_questions
from weatherapp.health.findings import Finding
from weatherapp.models import Delivery, DeliveryState, Place, Subscription, Suppression
from weatherapp.operations.health import read_health

SHOWN_PLACES = 5
# Said here with the rows that they are about.
SAID_BETTER = ("fetch_failing", "mails_given_up")


@dataclass(frozen=True, slots=True)
class Item:
    """`code` names the sentences, `address` the list of exactly what is counted.

    What is no problem is a note: nothing is wrong, and somebody may want to know.
    """

    code: str
    count: int
    address: str
    is_problem: bool = True
    rows: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Attention:
    findings: Sequence[Finding]
    items: Sequence[Item]

    @property
    def problems(self) -> list[Item]:
        return [item for item in self.items if item.is_problem]

    @property
    def notes(self) -> list[Item]:
        return [item for item in self.items if not item.is_problem]

    @property
    def is_calm(self) -> bool:
        return not self.findings and not self.problems


def read_attention(user: Any, now: datetime) -> Attention:
    """Eight queries beside those of the health report, however many rows there are; of what the
    person may not see nothing is asked and nothing said."""
    readers = (
        ("place", _read_places),
        ("delivery", _read_deliveries),
        ("rule", _read_rules),
        ("subscription", _read_subscriptions),
        ("suppression", _read_suppressions),
    )
    items = [
        item
        for name, read in readers
        if user.has_perm(f"weatherapp.view_{name}") or user.has_perm(f"weatherapp.change_{name}")
        for item in read(now)
        if item.count
    ]
    findings = [one for one in read_health(now).findings if one.code not in SAID_BETTER]
    return Attention(findings, items)


def _read_places(now: datetime) -> Iterator[Item]:
    active = Place.objects.active()
    counts = active.order_by().aggregate(
        failing=Count("pk", filter=FAILED_FETCH),
        without=Count("pk", filter=no_weather(now)),
    )
    rows: Sequence[Place] = ()
    if counts["failing"]:
        rows = list(active.filter(FAILED_FETCH).order_by("-fetch_failures", "name")[:SHOWN_PLACES])
    yield Item(
        "fetch_failing",
        counts["failing"],
        _list("place", "fetch=failing&is_active__exact=1"),
        rows=rows,
    )
    yield Item("no_weather", counts["without"], _list("place", "fetch=none&is_active__exact=1"))


def _read_deliveries(now: datetime) -> Iterator[Item]:
    failed = Delivery.objects.filter(state=DeliveryState.FAILED).count()
    yield Item("mails_given_up", failed, _list("delivery", "state__exact=FAILED"))


def _read_rules(now: datetime) -> Iterator[Item]:
    always, never = count_rules(now)
    yield Item("rules_always", always, _list("rule", "raised=always"))
    yield Item("rules_never", never, _list("rule", "raised=never"), is_problem=False)


def _read_subscriptions(now: datetime) -> Iterator[Item]:
    counts = Subscription.objects.order_by().aggregate(
        unconfirmed=Count("pk", filter=old_questions(now)),
        bounced=Count("pk", filter=Q(bounced_at__isnull=False)),
    )
    unconfirmed = _list("subscription", "standing=unconfirmed")
    yield Item("unconfirmed", counts["unconfirmed"], unconfirmed, is_problem=False)
    bounced = _list("subscription", "standing=bounced")
    yield Item("bounced", counts["bounced"], bounced, is_problem=False)


def _read_suppressions(now: datetime) -> Iterator[Item]:
    count = Suppression.objects.count()
    yield Item("suppressed", count, _list("suppression", ""), is_problem=False)


def _list(model: str, query: str) -> str:
    address = reverse(f"admin:weatherapp_{model}_changelist")
    return f"{address}?{query}" if query else address
