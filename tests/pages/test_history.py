"""Why an alert changed, in plain words."""

import pytest

from tests.factories import NOON
from weatherapp.models import AlertChange, ChangeReason
from weatherapp.models.evidence import parse_evidence
from weatherapp.pages import history

EVIDENCE = {
    "probability": 0.6312,
    "threshold": 0.6,
    "margin": 0.15,
    "window_hours": 6,
    "window_end_at": NOON.isoformat(),
    "model_name": "rain_mini",
    "model_version": "7",
    "request_id": "r-1",
}


def saw(stored):
    return history.Evidence(parse_evidence(stored, "a change"))


@pytest.mark.parametrize("reason", ChangeReason)
def test_every_reason_has_a_title_and_an_explanation(reason):
    change = AlertChange(reason=reason, evidence=EVIDENCE)
    line = history.tell_change(change)

    assert line.title
    assert line.words.endswith(".")
    assert "unknown" not in line.words


@pytest.mark.parametrize("reason", ChangeReason)
def test_every_reason_can_be_told_when_nothing_was_known(reason):
    line = history.tell_change(AlertChange(reason=reason, evidence={}))

    assert line.words
    assert line.evidence.saw.window_end_at is None


def test_raising_names_value_and_threshold():
    text = history.explain(ChangeReason.REACHED, saw(EVIDENCE))

    assert text.replace("\u00a0", " ") == (
        "The probability of any rain within the next 6 hours reached 63.1 %; "
        "the rule raises at 60 %."
    )


def test_clearing_names_the_lower_limit():
    text = history.explain(ChangeReason.CLEARED, saw(EVIDENCE | {"probability": 0.38}))

    assert "fell to 38.0 %, below the 45 %" in text.replace("\u00a0", " ")


def test_expiry_does_not_say_that_the_rain_is_over():
    text = history.explain(ChangeReason.TIMED_OUT, saw(EVIDENCE))

    assert "does not mean that the rain is over" in text
