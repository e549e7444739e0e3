"""An alert's life as messages: each judged by the schema and by what readers need besides."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.factories import NOON, make_alert, make_evidence, make_place, make_rule, storm_gusts
from tests.pages import scenes
from tests.publishing.judges import CAP, at, code_of, judge_cap, text
from weatherapp.models import AlertChange, AlertState, ChangeReason, PublishedMessage
from weatherapp.models.published_message import FrozenMessageError
from weatherapp.publishing.decide import LIFE
from weatherapp.publishing.workflow import publish_due

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def raise_alert(name="Dublin", rule="Storm gusts", **fields):
    says = storm_gusts()
    place = fields.pop("place", None) or make_place(name=name)
    rule = make_rule(place, says=says, name=rule)
    evidence = make_evidence(31.0, says)
    return make_alert(rule, evidence=evidence, publish_at=NOON, **fields)


def change(alert, reason, now, *, state=AlertState.FIRING, note="", **fields):
    first = alert.changes.first()
    for name, value in ({"state": state, "publish_at": now} | fields).items():
        setattr(alert, name, value)
    if state not in ("FIRING", "RECOVERING", "NO_DATA"):
        alert.ended_at = now
    alert.save()
    return AlertChange.objects.create(
        alert=alert, old_state="FIRING", new_state=state, reason=reason, severity=alert.severity,
        onset_at=alert.onset_at, ends_at=alert.ends_at, changed_at=now, created_at=now,
        rule_version=first.rule_version, evidence=first.evidence, note=note,
    )  # fmt: skip


def publish(now):
    """The messages that it made, as judged documents."""
    before = PublishedMessage.objects.count()
    publish_due(now=now)
    made = list(PublishedMessage.objects.order_by("pk"))[before:]
    return [judge_cap(one.document) for one in made]


def one_info(root):
    return root.find("cap:info", CAP)


def test_raised_alert_is_told_in_both_languages_with_its_place_and_advice():
    alert = raise_alert()

    (root,) = publish(NOON)
    infos = root.findall("cap:info", CAP)

    assert [text(info, "language") for info in infos] == ["en", "fr"]
    assert text(root, "msgType") == "Alert"
    assert text(root, "status") == "Test"
    assert str(alert.public_id) in text(root, "identifier")
    assert text(infos[0], "event") == "Wind"
    assert text(infos[1], "event") == "Vent"
    assert "Dublin" in text(infos[0], "headline")
    assert "not a warning of an authority" in text(infos[0], "description")
    assert code_of(infos[0])[1] == "WIND"
    assert "\n" in text(infos[0], "instruction")
    assert at(text(infos[0], "expires")) == NOON + LIFE


def test_nothing_is_published_twice():
    raise_alert()

    assert len(publish(NOON)) == 1
    assert publish(NOON) == []
    assert publish(NOON + HOUR / 2) == []


def test_worse_alert_is_an_update_that_names_what_it_replaces():
    alert = raise_alert(severity="Moderate")
    (first,) = publish(NOON)
    change(alert, ChangeReason.ESCALATED, NOON + HOUR, severity="Severe")

    (second,) = publish(NOON + HOUR)

    assert text(second, "msgType") == "Update"
    named = f"{text(first, 'sender')},{text(first, 'identifier')},{text(first, 'sent')}"
    assert text(second, "references") == named
    assert text(one_info(second), "severity") == "Severe"


def test_confirmed_alert_is_renewed_before_its_message_expires_and_others_are_not():
    raise_alert("Confirmed", confirmed_until_at=NOON + 9 * HOUR)
    raise_alert("Lost", rule="Another", confirmed_until_at=NOON + HOUR)
    publish(NOON)

    made = publish(NOON + 2 * HOUR)

    assert [text(one_info(root), "senderName") != "" for root in made] == [True]
    assert "Confirmed" in text(one_info(made[0]), "headline")
    assert at(text(one_info(made[0]), "expires")) == NOON + 2 * HOUR + LIFE


def test_alert_that_waits_for_its_end_is_in_force_until_it_is_over():
    raise_alert(ends_at=NOON + HOUR, confirmed_until_at=NOON + 9 * HOUR)
    publish(NOON)

    (root,) = publish(NOON + 2 * HOUR)

    assert text(one_info(root), "urgency") == "Immediate"


@pytest.mark.parametrize(
    ("reason", "state", "message_type", "response", "says"),
    [
        (ChangeReason.CLEARED, AlertState.ENDED, "Update", "AllClear", "It is over."),
        (ChangeReason.CANCELLED, AlertState.CANCELLED, "Cancel", "None", "a wrong sensor"),
        (ChangeReason.RULE_OFF, AlertState.ENDED, "Cancel", "None", "rule was switched off"),
    ],
)
def test_ends_are_told_apart_and_expire_soon(reason, state, message_type, response, says):
    alert = raise_alert(severity="Extreme")
    publish(NOON)
    note = "a wrong sensor" if reason is ChangeReason.CANCELLED else ""
    change(alert, reason, NOON + HOUR, state=state, note=note)

    (root,) = publish(NOON + HOUR)
    info = one_info(root)

    assert text(root, "msgType") == message_type
    assert text(info, "responseType") == response
    assert (text(info, "urgency"), text(info, "severity")) == ("Past", "Minor")
    assert at(text(info, "expires")) == NOON + 2 * HOUR
    assert says in text(info, "description")
    assert publish(NOON + 5 * HOUR) == []


def test_alert_that_ends_for_want_of_data_just_expires():
    alert = raise_alert()
    publish(NOON)
    change(alert, ChangeReason.NO_DATA, NOON + HOUR, state=AlertState.ENDED)

    assert publish(NOON + HOUR) == []


def test_replay_is_an_exercise_in_real_time():
    place = scenes.make_replay_place()
    alert = raise_alert(place=place)

    (root,) = publish(NOON)
    info = one_info(root)

    assert text(root, "status") == "Exercise"
    assert "REPLAY OF PAST WEATHER" in text(info, "description")
    assert at(text(info, "onset")) - NOON == alert.onset_at - place.clock(NOON)


@pytest.mark.parametrize("name", ["x" * 80, "A & <b>B</b>", "Ünï\u0007côde, \u2028 & 'quotes\""])
def test_whatever_a_place_is_called_the_document_is_right(name):
    raise_alert(name=name, rule="y" * 80)

    (root,) = publish(NOON)

    assert text(root.find("cap:info/cap:area", CAP), "areaDesc")


@pytest.mark.parametrize(("latitude", "longitude"), [(-17, 179.99), (90, 0), (-90, 10), (0, -180)])
def test_wherever_a_place_is_the_document_is_right(latitude, longitude):
    raise_alert(place=make_place(name="Far", latitude=latitude, longitude=longitude))

    assert len(publish(NOON)) == 1


def test_what_was_published_cannot_be_changed():
    raise_alert()
    publish(NOON)
    message = PublishedMessage.objects.get()
    message.sent_at = NOON + HOUR

    with pytest.raises(FrozenMessageError, match="cannot be changed"):
        message.save()


def test_a_change_is_published_once_whoever_tries():
    raise_alert()
    publish(NOON)
    message = PublishedMessage.objects.get()
    message.pk, message.number, message._state.adding = None, 2, True
    message.identifier += "-again"

    with pytest.raises(IntegrityError), transaction.atomic():
        message.save()


def test_many_alerts_cost_as_many_queries_as_one(django_assert_max_num_queries):
    for number in range(8):
        raise_alert(f"Place {number}", rule=f"Rule {number}")

    with django_assert_max_num_queries(8):
        publish_due(now=NOON)

    assert PublishedMessage.objects.count() == 8
