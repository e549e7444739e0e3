"""What an operator does about one address when its owner writes."""

from __future__ import annotations

import json

import pytest
from django.contrib.admin.models import LogEntry

from tests.admin.rows import fill_tables
from tests.admin.test_actions import act, log_in_with
from tests.factories import NOON, make_place, make_subscription
from weatherapp.delivery import suppressions
from weatherapp.delivery.addresses import parse_address
from weatherapp.models import Delivery, Subscription, Suppression

pytestmark = pytest.mark.django_db(transaction=True)

SUBSCRIPTIONS = "/admin/weatherapp/subscription/"
ADDRESS = "/admin/weatherapp/suppression/address/"


def choose(action: str, *rows, **fields) -> dict:
    return {"action": action, "_selected_action": [row.pk for row in rows]} | fields


def test_export_holds_the_chosen_addresses_at_all_places(operator):
    fill_tables()
    row = Subscription.objects.filter(email="reader@example.org").first()

    answer = operator.post(SUBSCRIPTIONS, choose("export_personal_data", row))

    (export,) = json.loads(answer.content)
    assert "attachment" in answer["Content-Disposition"]
    assert export["address"] == "reader@example.org"
    assert len(export["subscriptions"]) == 4
    assert "asked@" not in answer.content.decode()


def test_deleting_asks_with_numbers_then_deletes(operator):
    fill_tables()
    row = Subscription.objects.filter(email="reader@example.org").first()

    page = operator.post(SUBSCRIPTIONS, choose("delete_personal_data", row))
    asked = page.content.decode()
    kept = Subscription.objects.filter(email="reader@example.org").count()
    done = operator.post(
        SUBSCRIPTIONS, choose("delete_personal_data", row, post="yes"), follow=True
    )

    assert (page.status_code, kept) == (200, 4)
    assert "<td>4</td><td>4</td>" in asked
    assert f'name="_selected_action" value="{row.pk}"' in asked
    assert "Deleted: subscriptions: 4, deliveries: 4." in done.content.decode()
    assert not Subscription.objects.filter(email="reader@example.org").exists()
    assert Subscription.objects.filter(email="asked@example.org").exists()
    assert not Delivery.objects.exists()


def test_admins_own_log_keeps_no_address(operator):
    rows = [make_subscription(make_place(name=name)) for name in ("Dublin", "Cork")]

    operator.post(SUBSCRIPTIONS, choose("delete_personal_data", rows[0], post="yes"))
    operator.post(SUBSCRIPTIONS, choose("delete_selected", rows[1], post="yes"))

    assert LogEntry.objects.exists()
    assert not LogEntry.objects.filter(object_repr__contains="@").exists()


def test_who_may_only_look_exports_but_deletes_nothing():
    row = make_subscription(make_place())
    client = log_in_with("view_subscription")

    assert client.post(SUBSCRIPTIONS, choose("export_personal_data", row)).status_code == 200
    act(client, SUBSCRIPTIONS, "delete_personal_data", row)
    client.post(SUBSCRIPTIONS, choose("delete_personal_data", row, post="yes"))

    assert Subscription.objects.exists()


# Never write to it


def test_operator_takes_an_address_off_the_list_by_typing_it(operator):
    suppressions.suppress(parse_address("reader@example.org"), now=NOON)

    said = [
        operator.post(ADDRESS, {"address": email, "allow": "1"}, follow=True).content.decode()
        for email in ("other@example.org", "Reader+x@example.org", "reader@example.org")
    ]

    assert "Was not on the list: other@example.org" in said[0]
    assert "May be written to again" in said[1]
    assert "Was not on the list: reader@example.org" in said[2]
    assert not Suppression.objects.exists()


def test_operator_puts_an_address_on_the_list(operator):
    make_subscription(make_place())

    operator.post(ADDRESS, {"address": "reader@example.org", "suppress": "1"}, follow=True)

    assert suppressions.find(parse_address("reader@example.org"))
    assert not Subscription.objects.confirmed().exists()
    listed = operator.get("/admin/weatherapp/suppression/").content.decode()
    assert ADDRESS in listed
    assert "reader@" not in listed


def test_what_is_no_address_is_said_on_the_form(operator):
    page = operator.post(ADDRESS, {"address": "nobody", "suppress": "1"})

    assert "This is no e-mail address" in page.content.decode()
    assert not Suppression.objects.exists()


def test_list_is_for_those_who_may_change_it(guest, stranger):
    suppressions.suppress(parse_address("reader@example.org"), now=NOON)

    statuses = [
        client.post(ADDRESS, {"address": "reader@example.org", "allow": "1"}).status_code
        for client in (guest, stranger, log_in_with("view_suppression"))
    ]

    assert statuses == [403, 302, 403]
    assert Suppression.objects.exists()
