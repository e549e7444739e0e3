"""The demo, hour by hour: everything that it publishes, on all the way, is right and read back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOON
from tests.publishing.feed_judges import judge_atom, judge_rss
from tests.publishing.judges import judge_series, text
from weatherapp.alerting.evaluation import evaluate_places
from weatherapp.intake.refresh import refresh
from weatherapp.intake.scenes.catalogue import SCENES
from weatherapp.models import Alert, Place, PublishedMessage
from weatherapp.official.documents.read import read_document
from weatherapp.official.events.fold import fold
from weatherapp.operations import demo
from weatherapp.publishing.workflow import publish_due

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HOUR = timedelta(hours=1)


@pytest.fixture
def played():
    """As the demo, but an hour of real time for each of the scene's."""
    script = SCENES["andrea-2013"]
    scene = demo.load(script)
    ids = list(Place.objects.values_list("pk", flat=True))
    hours = (script.plays_until_at - script.starts_at) // HOUR
    for hour in range(hours + 1):
        now = NOON + hour * HOUR
        scene.playing_at = script.starts_at + hour * HOUR
        scene.save(update_fields=["playing_at"])
        refresh(ids, now=now)
        evaluate_places(ids, now=now)
        publish_due(now=now)
    return now


def test_all_that_the_demo_publishes_is_right(played, client, monkeypatch):
    monkeypatch.setattr("weatherapp.pages.feeds.timezone.now", lambda: played)
    documents = [row.document for row in PublishedMessage.objects.order_by("pk")]

    roots = judge_series(documents)

    assert len(roots) > 30
    assert {text(root, "msgType") for root in roots} >= {"Alert", "Update"}
    assert {text(root, "status") for root in roots} == {"Exercise"}
    assert Alert.objects.open().exists()
    judge_atom(client.get("/feeds/alerts.atom").content)
    judge_atom(client.get("/feeds/alerts-log.atom").content)
    judge_rss(client.get("/feeds/alerts.rss").content)


def test_all_that_the_demo_publishes_is_read_back_as_the_alerts_that_there_were(played):
    written = {str(alert.public_id): alert for alert in Alert.objects.exclude(messages=None)}
    bodies = [
        row.document.replace(b">Exercise<", b">Actual<") for row in PublishedMessage.objects.all()
    ]
    messages = [message for body in bodies for message in read_document(body).messages]

    events = fold(messages, played).events

    assert len(messages) == len(bodies)
    assert len(events) == len(written)
    for event in events:
        (alert,) = [one for name, one in written.items() if name in event.identifiers[0]]
        assert event.severity.value in (alert.severity, "Minor")
        assert len(event.identifiers) == alert.messages.count()
