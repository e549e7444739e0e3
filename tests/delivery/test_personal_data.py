"""Everything about one address: handed out and deleted by the operator."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import NOON, make_alert, make_place, make_rule, make_subscription
from weatherapp.delivery import outbox, suppressions
from weatherapp.delivery.addresses import parse_address
from weatherapp.models import Delivery, Place, Subscription, Suppression

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    """Two of its readers were told of an alert; one of them reads about Cork, too."""
    place = make_place()
    make_subscription(place, email="Jane@example.org")
    make_subscription(place, email="other@example.org")
    make_subscription(make_place(name="Cork"), email="jane@example.org", confirmed_at=None)
    outbox.enqueue([make_alert(make_rule(place)).changes.get().pk], now=NOON)
    Delivery.objects.update(error="451 later")
    return place


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("personal_data", *arguments, stdout=output)
    return output.getvalue()


@pytest.mark.usefixtures("place")
def test_export_has_everything_about_the_address_and_nobody_else():
    suppressions.suppress(parse_address("jane@example.org"), now=NOON)

    text = run("export", "JANE@example.org")
    export = json.loads(text)

    assert [row["place"] for row in export["subscriptions"]] == ["Dublin", "Cork"]
    assert [row["address"] for row in export["subscriptions"]] == [
        "Jane@example.org",
        "jane@example.org",
    ]
    (mail,) = export["subscriptions"][0]["mails"]
    assert (mail["about"], mail["error"]) == ("Rain soon", "451 later")
    assert export["wants_no_mail_since"] == NOON.isoformat()
    assert "other@" not in text


def test_export_of_an_unknown_address_is_empty(db):
    export = json.loads(run("export", "nobody@example.org"))

    assert (export["subscriptions"], export["wants_no_mail_since"]) == ([], None)


@pytest.mark.usefixtures("place")
def test_every_column_of_a_subscription_is_exported_or_known_not_to_be():
    exported = set(json.loads(run("export", "jane@example.org"))["subscriptions"][0])
    columns = {field.name for field in Subscription._meta.fields}
    inner = {"id", "email_key", "confirm_nonce", "confirmation_claimed_until"}

    assert columns - exported - inner == {"email"}


@pytest.mark.usefixtures("place")
def test_delete_takes_the_address_and_its_mails_and_leaves_others():
    suppressions.suppress(parse_address("jane@example.org"), now=NOON)

    said = run("delete", "jane@example.org", "--yes")

    assert said == "Deleted: 2 subscriptions, 1 deliveries.\n"
    assert [row.email for row in Subscription.objects.all()] == ["other@example.org"]
    assert Delivery.objects.count() == 1
    assert Suppression.objects.exists()
    assert run("delete", "jane@example.org", "--yes").startswith("Deleted: 0 subscriptions")


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(("answer", "left"), [("y", 1), ("", 3), ("n", 3)])
def test_delete_asks_first(monkeypatch, answer, left):
    asked = []
    monkeypatch.setattr("builtins.input", lambda prompt: asked.append(prompt) or answer)

    if left == 3:
        with pytest.raises(CommandError, match="Nothing was deleted"):
            run("delete", "jane@example.org")
    else:
        run("delete", "jane@example.org")

    assert asked == ["Delete 2 subscriptions, 1 deliveries of jane@example.org? [y/N] "]
    assert Subscription.objects.count() == left


@pytest.mark.parametrize("what", ["export", "delete"])
def test_what_is_no_address_is_said(what):
    with pytest.raises(CommandError, match="no mail address"):
        run(what, "v\u0131ctim@example.org")
