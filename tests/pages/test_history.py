"""Why an alert changed, in plain words."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from tests.factories import NOON, make_evidence, storm_gusts
from weatherapp.models import Alert, AlertChange, ChangeReason, Place, Rule
from weatherapp.pages.history import announce, tell_history


def change_of(reason, evidence=None, **fields) -> AlertChange:
    alert = Alert(place=Place(name="Dublin"), rule=Rule(name="Storm gusts"))
    evidence = make_evidence(31.0, storm_gusts()) if evidence is None else evidence
    usual = {"old_state": "FIRING", "new_state": "FIRING", "severity": "Severe", "ends_at": NOON}
    return AlertChange(alert=alert, reason=reason, evidence=evidence, **(usual | fields))


def words_of(change: AlertChange) -> str:
    (item,) = tell_history([change])
    return render_to_string("alert/reason.html", {"item": item}).replace("\u00a0", " ")


@pytest.mark.parametrize("reason", ChangeReason)
def test_every_reason_has_an_explanation(reason):
    assert words_of(change_of(reason)).endswith(".")


@pytest.mark.parametrize("reason", ChangeReason)
@pytest.mark.parametrize("evidence", [{}, {"conditions": "x"}, {"conditions": [{"quantity": 5}]}])
def test_every_reason_can_be_told_when_nothing_was_known(reason, evidence):
    assert words_of(change_of(reason, evidence)).endswith(".")


def test_raising_names_value_and_threshold():
    assert words_of(change_of(ChangeReason.RAISED)) == (
        "highest wind gust forecast for the next 12 hours: 31.0 m/s; "
        "the rule raises Severe at 18.0 m/s."
    )


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (ChangeReason.NOT_CONFIRMED, "does not mean that the weather is over"),
        (ChangeReason.NO_DATA, "does not mean that the weather is over"),
        (ChangeReason.RULE_OFF, "says nothing of the weather"),
        (ChangeReason.PLACE_OFF, "says nothing of the weather"),
    ],
)
def test_what_is_not_the_weathers_end_says_so(reason, words):
    assert words in words_of(change_of(reason))


def test_an_operators_note_is_told():
    assert "cancelled it: Wrong station" in words_of(
        change_of(ChangeReason.CANCELLED, note="Wrong station")
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"old_state": ""}, "New alert: Storm gusts, Dublin, Severe."),
        ({"new_state": "ENDED"}, "Alert over: Storm gusts, Dublin, ended."),
        ({}, "Alert changed: Storm gusts, Dublin, more severe, Severe."),
    ],
)
def test_news_are_one_sentence(fields, words):
    assert announce([change_of(ChangeReason.ESCALATED, **fields)]) == words
