"""What the site reads of official warnings reads what the site publishes: the same events come back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from tests.factories import NOON, make_place
from tests.publishing.test_messages import change, raise_alert
from weatherapp.domain.cap import Severity
from weatherapp.models import AlertState, ChangeReason, PublishedMessage
from weatherapp.official.documents.read import read_document
from weatherapp.official.events.event import Ending, Phase
from weatherapp.official.events.fold import fold
from weatherapp.publishing.rings import rings_of
from weatherapp.publishing.workflow import publish_due

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
FEEDS = ("/feeds/alerts.atom", "/feeds/alerts.rss", "/feeds/alerts-log.atom")


@pytest.fixture(autouse=True)
def _for_real(settings):
    """Whoever reads official warnings leaves tests and exercises away."""
    settings.CAP_STATUS = "Actual"


@pytest.fixture
def read_events(client, monkeypatch):
    """As a poll does: the feed, then each document that it links to."""

    def read(address, now):
        monkeypatch.setattr("weatherapp.pages.feeds.timezone.now", lambda: now)
        feed = read_document(client.get(address).content, country="IE")
        assert not feed.messages + feed.dropped
        assert feed.is_complete
        messages = []
        for link in feed.links:
            document = read_document(client.get(link.url.removeprefix(settings.SITE_URL)).content)
            assert not document.dropped
            messages += document.messages
        folded = fold(messages, now)
        assert not folded.dropped
        return folded.events

    return read


@pytest.mark.parametrize("address", FEEDS)
def test_an_alert_comes_back_as_it_was_published(read_events, address):
    raise_alert(severity="Severe", ends_at=NOON + 6 * HOUR)
    publish_due(now=NOON)
    (row,) = PublishedMessage.objects.all()

    (event,) = read_events(address, NOON + HOUR / 2)
    (message,) = event.messages

    assert event.identifiers == (row.identifier,)
    assert (event.severity, event.status, event.message_type) == (
        Severity.SEVERE,
        "Actual",
        "Alert",
    )
    assert (message.sent_at, event.onset_at, event.expires_at) == (
        row.sent_at, row.onset_at, row.expires_at,
    )  # fmt: skip
    assert event.languages == ("en", "fr")
    assert event.issuer == settings.SITE_NAME
    assert event.has_geometry
    for info in message.infos:
        told = row.texts[info.language]
        assert (info.event, info.headline, info.description, info.instruction) == (
            told["event"], told["headline"], told["description"], told["instruction"],
        )  # fmt: skip
        assert (info.urgency, info.certainty) == (row.urgency, row.certainty)
        assert [area.description for area in info.areas] == ["Dublin"]


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(53.35, -6.26), (-17, 179.99), (-17, -180), (90, 0), (-89.99, 10), (0, 0)],
)
def test_areas_come_back_as_they_were_drawn_wherever_they_are(read_events, latitude, longitude):
    raise_alert(place=make_place(name="Far", latitude=latitude, longitude=longitude))
    publish_due(now=NOON)
    drawn = {tuple(map(tuple, ring)) for ring in rings_of(PublishedMessage.objects.get())}

    (event,) = read_events("/feeds/alerts.atom", NOON)

    areas = [area for info in event.messages[0].infos for area in info.areas]
    assert areas
    for area in areas:
        assert set(area.polygons) == drawn
        assert not area.problems


def test_an_update_takes_the_place_of_what_was_before(read_events):
    alert = raise_alert(severity="Moderate")
    publish_due(now=NOON)
    change(alert, ChangeReason.ESCALATED, NOON + HOUR, severity="Extreme")
    publish_due(now=NOON + HOUR)
    names = list(PublishedMessage.objects.order_by("pk").values_list("identifier", flat=True))

    (active,) = read_events("/feeds/alerts.atom", NOON + HOUR)
    (logged,) = read_events("/feeds/alerts-log.atom", NOON + HOUR)

    assert active.identifiers[-1:] == (names[-1],)
    assert logged.identifiers == tuple(names)
    for event in (active, logged):
        assert event.severity is Severity.EXTREME
        assert event.phase is not Phase.ENDED
        assert [message.identifier for message in event.messages] == names[-1:]


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        (ChangeReason.CLEARED, AlertState.ENDED),
        (ChangeReason.CANCELLED, AlertState.CANCELLED),
        (ChangeReason.RULE_OFF, AlertState.ENDED),
    ],
)
def test_an_end_is_one_at_once(read_events, reason, state):
    alert = raise_alert(severity="Extreme")
    publish_due(now=NOON)
    change(alert, reason, NOON + HOUR, state=state)
    publish_due(now=NOON + HOUR)

    (logged,) = read_events("/feeds/alerts-log.atom", NOON + HOUR)

    assert (logged.phase, logged.ended_because) == (Phase.ENDED, Ending.CANCELLED)
    assert read_events("/feeds/alerts.atom", NOON + HOUR) == ()


def test_what_nobody_renewed_has_expired(read_events):
    raise_alert()
    publish_due(now=NOON)

    (logged,) = read_events("/feeds/alerts-log.atom", NOON + 9 * HOUR)

    assert (logged.phase, logged.ended_because) == (Phase.ENDED, Ending.EXPIRED)


def test_many_alerts_are_as_many_events(read_events):
    for number in range(7):
        raise_alert(f"Place {number}", rule=f"Rule {number}")
    publish_due(now=NOON)

    assert len(read_events("/feeds/alerts.atom", NOON)) == 7
    assert len(read_events("/feeds/alerts.rss", NOON)) == 7


def test_a_site_in_test_is_taken_by_nobody(settings):
    settings.CAP_STATUS = "Test"
    raise_alert()
    publish_due(now=NOON)
    document = read_document(PublishedMessage.objects.get().document)

    folded = fold(document.messages, NOON)

    assert folded.events == ()
    assert [one.reason for one in folded.dropped] == ["status: Test"]
