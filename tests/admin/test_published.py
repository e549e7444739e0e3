"""What operators see of the messages that went out."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from tests.admin.acting import log_in_with
from tests.factories import NOON
from tests.publishing.test_messages import change, raise_alert
from weatherapp.admin.published import indent
from weatherapp.models import AlertState, ChangeReason, PublishedMessage
from weatherapp.publishing.workflow import publish_due

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LIST = "admin:weatherapp_publishedmessage_changelist"


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    monkeypatch.setattr("weatherapp.admin.published.timezone.now", lambda: NOON + HOUR)


@pytest.fixture
def messages():
    """Of an alert that was raised, grew worse and is over; and of another, in force."""
    alert = raise_alert("A & <b>B</b>", severity="Moderate")
    publish_due(now=NOON - 3 * HOUR)
    publish_due(now=NOON)
    change(alert, ChangeReason.ESCALATED, NOON, severity="Severe")
    publish_due(now=NOON)
    change(alert, ChangeReason.CLEARED, NOON + HOUR / 2, state=AlertState.ENDED)
    publish_due(now=NOON + HOUR / 2)
    raise_alert("Cork", rule="Another", severity="Minor")
    publish_due(now=NOON + HOUR / 2)
    PublishedMessage.objects.filter(kind="UPDATE").update(expires_at=NOON + HOUR / 2)
    return list(PublishedMessage.objects.order_by("pk"))


def page(client, message, **headers):
    address = reverse("admin:weatherapp_publishedmessage_change", args=[message.pk])
    return client.get(address, headers=headers).content.decode()


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("", ["ALERT", "ALL_CLEAR", "UPDATE", "ALERT"]),
        ("in_force=no", ["UPDATE"]),
        ("in_force=yes", ["ALERT", "ALL_CLEAR", "ALERT"]),
        ("kind__exact=UPDATE", ["UPDATE"]),
        ("severity__exact=Severe", ["UPDATE"]),
        ("status=Test", ["ALERT", "ALL_CLEAR", "UPDATE", "ALERT"]),
        ("status=Actual", []),
        ("status=nonsense", ["ALERT", "ALL_CLEAR", "UPDATE", "ALERT"]),
        ("q=Cork", ["ALERT"]),
    ],
)
def test_messages_are_found(operator, messages, query, kinds):
    answer = operator.get(f"{reverse(LIST)}?{query}")

    assert [row.kind for row in answer.context["cl"].result_list] == kinds


def test_a_message_is_shown_as_it_went_out_with_its_neighbours(operator, messages):
    first, update, over, _ = messages

    shown = page(operator, update)

    (document,) = re.findall(r'<pre class="document">(.*?)</pre>', shown, re.S)
    shown_bytes, sent_bytes = (
        re.sub(r"(?<=>)\s+(?=<)", "", text)
        for text in (unescape(document), update.document.decode())
    )
    assert shown_bytes == sent_bytes
    assert f'href="{update.get_absolute_url()}"' in shown
    for other in (first, over):
        address = reverse("admin:weatherapp_publishedmessage_change", args=[other.pk])
        assert f'<a href="{address}">{other.identifier}</a>' in shown
    assert "<b>B</b>" not in shown


def test_a_reference_to_a_message_that_is_no_longer_kept_stays_readable(operator, messages):
    first, update, *_ = messages
    PublishedMessage.objects.filter(pk=first.pk).delete()

    shown = page(operator, update)

    assert first.identifier in shown
    assert f"{first.identifier}</a>" not in shown


def test_nobody_changes_what_was_published(operator, messages):
    address = reverse("admin:weatherapp_publishedmessage_change", args=[messages[0].pk])

    assert operator.post(address, {"identifier": "x"}).status_code == 403
    assert operator.get(f"{reverse(LIST)}add/").status_code == 403
    assert PublishedMessage.objects.get(pk=messages[0].pk).identifier == messages[0].identifier


def test_who_may_not_see_messages_does_not(guest, messages):
    assert guest.get(reverse(LIST)).status_code == 403
    assert log_in_with("view_publishedmessage").get(reverse(LIST)).status_code == 200


def test_lines_show_what_is_within_what():
    document = '<?xml version="1"?>\n<alert><note>a\nb</note><info><web/><area><x>1</x></area></info></alert>'

    assert indent(document).split("\n") == [
        '<?xml version="1"?>',
        "<alert>",
        "  <note>a",
        "b</note>",
        "  <info>",
        "    <web/>",
        "    <area>",
        "      <x>1</x>",
        "    </area>",
        "  </info>",
        "</alert>",
    ]
