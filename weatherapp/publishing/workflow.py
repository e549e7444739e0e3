"""Alerts that are due -> decisions -> messages, stored in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, models, transaction

from weatherapp.domain.cap import Certainty, Severity, Urgency
from weatherapp.models import (
    Alert,
    AlertChange,
    AlertState,
    ChangeReason,
    PublishedMessage,
    Scene,
)
from weatherapp.models.place import read_clocks
from weatherapp.models.published_message import pack_document
from weatherapp.publishing.cap_xml import CapMessage, Reference, write_cap
from weatherapp.publishing.decide import (
    Ending,
    Kind,
    Standing,
    Told,
    decide,
    find_expiry,
    pick_references,
)
from weatherapp.publishing.rings import rings_of
from weatherapp.publishing.signing import load_signer
from weatherapp.publishing.text import Text
from weatherapp.publishing.texts import write_texts

BATCH = 50  # alerts
NEWS = {ChangeReason.ESCALATED, ChangeReason.REDUCED, ChangeReason.EXTENDED}
ENDINGS = {
    AlertState.ENDED: Ending.OVER,
    AlertState.EXPIRED: Ending.UNKNOWN,
    AlertState.CANCELLED: Ending.WITHDRAWN,
}
# It ended, but not because the weather did.
WITHDRAWN = {ChangeReason.RULE_OFF, ChangeReason.PLACE_OFF, ChangeReason.CANCELLED}
UNKNOWN = {ChangeReason.NO_DATA, ChangeReason.NOT_CONFIRMED}
OVER = (Kind.ALL_CLEAR, Kind.CANCEL)


@dataclass(frozen=True, slots=True)
class _Known:
    """An alert with all that is known of it; `ahead`: how much later real times are than its place's."""

    alert: Alert
    changes: Sequence[AlertChange]
    messages: Sequence[PublishedMessage]
    scene: Scene | None
    ahead: timedelta

    @property
    def told(self) -> Told | None:
        if not self.messages:
            return None
        newest = self.messages[-1]
        return Told(Kind(newest.kind), Severity(newest.severity), newest.expires_at)

    @property
    def has_news(self) -> bool:
        told = self.messages[-1].change_id if self.messages else 0
        return any(change.pk > told and change.reason in NEWS for change in self.changes)

    def standing(self, now: datetime) -> Standing:
        alert = self.alert
        return Standing(
            ending=None if alert.is_open else _find_ending(self.changes[-1]),
            severity=Severity(alert.severity),
            onset_at=alert.onset_at + self.ahead,
            ends_at=alert.ends_at + self.ahead if alert.ends_at else None,
            is_confirmed=alert.is_confirmed(now - self.ahead),
        )


@transaction.atomic
def publish_due(*, now: datetime, limit: int = BATCH) -> int:
    """Publish what is to be said of alerts that changed, or whose messages expire; how many were due.

    Safe to call twice, and by two workers: whoever comes second finds nothing due.
    """
    due = Alert.objects.filter(publish_at__lte=now).select_related("place", "rule")
    alerts = list(_lock(due).order_by("publish_at", "pk")[:limit])
    messages = []
    for known in _read_known(alerts, now):
        standing = known.standing(now)
        decision = decide(standing, known.told, has_news=known.has_news, now=now)
        known.alert.publish_at = decision.look_at
        if decision.kind is not None:
            messages.append(_write(known, standing, decision.kind, now))
    PublishedMessage.objects.bulk_create(messages)
    Alert.objects.bulk_update(alerts, ["publish_at"])
    return len(alerts)


def _lock(due: models.QuerySet[Alert]) -> models.QuerySet[Alert]:
    if connection.features.has_select_for_update_skip_locked:
        return due.select_for_update(skip_locked=True, of=("self",))
    return due


def _find_ending(change: AlertChange) -> Ending:
    if change.reason in WITHDRAWN:
        return Ending.WITHDRAWN
    if change.reason in UNKNOWN:
        return Ending.UNKNOWN
    return ENDINGS[AlertState(change.new_state)]


def _read_known(alerts: Sequence[Alert], now: datetime) -> Iterable[_Known]:
    if not alerts:
        return
    places = list({alert.place_id: alert.place for alert in alerts}.values())
    clocks = read_clocks(places, now=now)
    scene = Scene.objects.first() if any(place.is_replay for place in places) else None
    changes, messages = defaultdict(list), defaultdict(list)
    for change in AlertChange.objects.filter(alert__in=alerts).order_by("pk"):
        changes[change.alert_id].append(change)
    earlier = PublishedMessage.objects.filter(alert__in=alerts).defer("packed", "texts")
    for message in earlier.order_by("number"):
        messages[message.alert_id].append(message)
    for alert in alerts:
        yield _Known(
            alert=alert,
            changes=changes[alert.pk],
            messages=messages[alert.pk],
            scene=scene if alert.place.is_replay else None,
            ahead=now - clocks[alert.place_id],
        )


def _write(known: _Known, standing: Standing, kind: Kind, now: datetime) -> PublishedMessage:
    alert, sent_at = known.alert, now.replace(microsecond=0)
    number = known.messages[-1].number + 1 if known.messages else 1
    host = urlsplit(settings.SITE_URL).hostname
    row = PublishedMessage(
        alert=alert,
        number=number,
        change=known.changes[-1],
        kind=kind.value,
        identifier=f"{host}-{alert.public_id}-{number}",
        sender=f"alerts@{host}",
        status="Exercise" if alert.place.is_replay else settings.CAP_STATUS,
        sent_at=sent_at,
        onset_at=standing.onset_at,
        ends_at=standing.ends_at,
        expires_at=find_expiry(kind, onset_at=standing.onset_at, now=sent_at),
        severity=alert.severity if kind not in OVER else Severity.MINOR.value,
        urgency=_find_urgency(alert, kind, now - known.ahead),
        certainty=alert.certainty,
    )
    texts = write_texts(alert, known.changes[-1], kind, known.scene)
    row.texts = {text.language: asdict(text) for text in texts}
    references = pick_references(known.messages, now=now)
    document = write_cap(_describe(row, known, texts, references))
    if settings.CAP_SIGNING_KEY or settings.CAP_SIGNING_CERTIFICATE:
        document = _sign(document, now)
    row.packed = pack_document(document)
    return row


def _sign(document: bytes, now: datetime) -> bytes:
    """Raises SigningError: what readers would not trust does not go out."""
    signer = _load_signer(settings.CAP_SIGNING_KEY, settings.CAP_SIGNING_CERTIFICATE)
    signer.check_dates(now)
    return signer.sign(document)


# Read once a process: a new key is another start.
_load_signer = lru_cache(maxsize=1)(load_signer)


def _find_urgency(alert: Alert, kind: Kind, clock_at: datetime) -> Urgency:
    """Past is for what is over alone, since readers drop it: an alert that waits for its end is in force."""
    if kind in OVER:
        return Urgency.PAST
    urgency = alert.urgency(clock_at)
    return Urgency.IMMEDIATE if urgency is Urgency.PAST else urgency


def _describe(
    row: PublishedMessage,
    known: _Known,
    texts: tuple[Text, ...],
    references: Sequence[PublishedMessage],
) -> CapMessage:
    kind, place = Kind(row.kind), known.alert.place
    host = urlsplit(settings.SITE_URL).hostname
    return CapMessage(
        identifier=row.identifier,
        sender=row.sender,
        sent_at=row.sent_at,
        status=row.status,
        message_type=row.message_type,
        references=tuple(Reference(one.sender, one.identifier, one.sent_at) for one in references),
        note=known.scene.title if known.scene else "",
        response_type=_find_response(kind, Severity(row.severity)),
        urgency=Urgency(row.urgency),
        severity=Severity(row.severity),
        certainty=Certainty(row.certainty),
        event_code=(f"{host}/hazard", known.alert.hazard),
        onset_at=row.onset_at,
        expires_at=row.expires_at,
        sender_name=settings.SITE_NAME,
        web=settings.SITE_URL + known.alert.get_absolute_url(),
        contact=settings.CONTACT_EMAIL,
        area_name=place.name,
        rings=rings_of(row),
        texts=texts,
    )


def _find_response(kind: Kind, severity: Severity) -> str:
    """CAP's responseType."""
    if kind is Kind.ALL_CLEAR:
        return "AllClear"
    if kind is Kind.CANCEL:
        return "None"
    return "Prepare" if severity.is_grave else "Monitor"
