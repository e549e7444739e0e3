"""What the mails say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.delivery.reading import JUNE_EVENING, html_of, mail_about, read_bodies, text_of
from tests.delivery.sending import add_change
from tests.engine.cast import thunder_condition
from tests.factories import (
    make_alert,
    make_evidence,
    make_place,
    make_rule,
    make_scene,
    storm_gusts,
)
from weatherapp.alerting.engine.rule import Rule as EngineRule
from weatherapp.domain.conditions import Basis
from weatherapp.models import Alert, AlertChange, ChangeReason, Place

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
UNKNOWN = {"value": None, "made_at": None, "model_name": None, "model_version": None}


@pytest.fixture
def place() -> Place:
    return make_place(name="Newark", time_zone="America/New_York")


@pytest.fixture
def alert(place) -> Alert:
    return make_alert(make_rule(place), raised_at=JUNE_EVENING, confirmed_at=JUNE_EVENING)


def end(alert: Alert, reason: ChangeReason, **evidence) -> AlertChange:
    """The alert's last change, three hours later; `evidence` is of the only condition."""
    stored = alert.changes.get().evidence
    (condition,) = stored["conditions"]
    return add_change(
        alert,
        reason,
        at=JUNE_EVENING + 3 * HOUR,
        evidence=stored | {"conditions": [condition | evidence]},
    )


def test_raised_alert_says_what_where_when_how_sure_and_why(alert):
    mail = mail_about(alert.changes.get())

    assert mail["Subject"] == "Minor: Rain soon, Newark, Sun 18:00 to Mon 00:00"
    for body in read_bodies(mail):
        assert "Minor: Rain soon, Newark" in body
        assert "Any rain within 6 hours: 70 %." in body
        assert "Sunday 7 June 2026, 18:00 to Monday 8 June, 00:00 UTC\u22124" in body
        assert "Likely (more likely than not)" in body
        assert "Minor from 60 % on, and left at 50 %" in body
        assert "rain_mini test" in body
        assert "the probability of any rain within the next 6 hours is 60 % or more" in body
        assert "gets worse, and one when it is over" in body
        assert f"http://testserver{alert.get_absolute_url()}" in body
        assert "not a warning authority" in body


def test_what_was_measured_is_told_with_its_value_where_nobody_knows_the_end(place):
    says = storm_gusts(basis=Basis.MEASURED)
    evidence = make_evidence(20.4, says=says, source="open_meteo", model_name="")
    rule = make_rule(place, says=says, name="Storm gusts")
    alert = make_alert(
        rule, raised_at=JUNE_EVENING, ends_at=None, certainty="Observed", evidence=evidence
    )

    mail = mail_about(alert.changes.get())

    assert mail["Subject"] == "Moderate: Storm gusts, Newark, 20.4 m/s"
    for body in read_bodies(mail):
        assert "Highest wind gust measured in the last 12 hours: 20.4 m/s" in body
        assert "Moderate from 18.0 m/s on, and left at 15.0 m/s (Open-Meteo, " in body
        assert "Observed (it was measured)" in body
        assert "nobody knows until when" in body


def test_a_thunderstorm_is_told_in_words(place):
    condition = thunder_condition()
    says = EngineRule((condition,))
    seen = [[(JUNE_EVENING + HOUR).isoformat(), 3.0], [(JUNE_EVENING + 2 * HOUR).isoformat(), 96.0]]
    evidence = make_evidence(1.0, says=says, seen=seen, model_name="")
    alert = make_alert(make_rule(place, says=says, name="Thunderstorm"), evidence=evidence)

    for body in read_bodies(mail_about(alert.changes.get())):
        assert "Forecast for the next 6 hours: Thunderstorm with hail" in body
        assert "1.0" not in body


def test_what_got_worse_says_so_first(alert):
    mail = mail_about(add_change(alert, ChangeReason.ESCALATED, at=JUNE_EVENING, severity="Severe"))

    assert mail["Subject"].startswith("Worse, now Severe: Rain soon, Newark, Sun 18:00 to ")
    for body in read_bodies(mail):
        assert "It got worse than was told before: Severe." in body
        assert "when it is over" in body


def test_late_mail_says_that_the_alert_is_over(alert):
    raised = alert.changes.get()
    end(alert, ChangeReason.CLEARED)

    body = text_of(mail_about(AlertChange.objects.get(pk=raised.pk)))

    assert "the alert has ended since, Sunday 7 June 2026, 21:00 UTC\u22124" in body


def test_ended_alert_says_that_it_is_over_and_why(alert):
    mail = mail_about(end(alert, ChangeReason.CLEARED, value=0.312))

    assert mail["Subject"] == "Over: Rain soon, Newark"
    for body in read_bodies(mail):
        assert "no longer holds. Any rain within 6 hours: 31 %." in body
        assert "the alert was kept up to 50 %" in body
        assert "Sunday 7 June 2026, 21:00 UTC\u22124" in body
        assert "at its worst Minor" in body


@pytest.mark.parametrize("reason", [ChangeReason.RULE_OFF, ChangeReason.PLACE_OFF])
def test_what_is_no_longer_watched_is_not_sold_as_better_weather(alert, reason):
    mail = mail_about(end(alert, reason, value=0.9))

    assert mail["Subject"] == "No longer watched: Rain soon, Newark"
    for body in read_bodies(mail):
        assert "says nothing of the weather, which may go on" in body
        assert "no longer holds" not in body
        assert "over" not in body.lower()


def test_a_cancelled_alert_is_told_in_the_operators_words(alert):
    note = "The station <EWR> is broken."
    change = add_change(alert, ChangeReason.CANCELLED, at=JUNE_EVENING, note=note)

    mail = mail_about(change)

    assert mail["Subject"] == "Cancelled: Rain soon, Newark"
    assert f"cancelled this alert: {note}" in text_of(mail)
    assert "The station &lt;EWR&gt; is broken." in html_of(mail)


@pytest.mark.parametrize("reason", [ChangeReason.NOT_CONFIRMED, ChangeReason.NO_DATA])
def test_expired_alert_is_not_the_all_clear(alert, reason):
    mail = mail_about(end(alert, reason, **UNKNOWN))

    assert mail["Subject"] == "No data any more: Rain soon, Newark"
    for body in read_bodies(mail):
        assert "not the all-clear" in body
        assert "Any rain within 6 hours: no data" in body
        assert "Last confirmed" in body
        assert "None" not in body


@pytest.mark.parametrize("reason", [ChangeReason.CLEARED, ChangeReason.RULE_OFF])
def test_what_was_unknown_is_left_out(alert, reason):
    for body in read_bodies(mail_about(end(alert, reason, **UNKNOWN))):
        assert "None" not in body


@pytest.mark.parametrize("stored", [{}, [], {"conditions": [{"quantity": "hail"}]}])
def test_evidence_that_cannot_be_read_still_makes_a_mail(alert, stored):
    AlertChange.objects.filter(alert=alert).update(evidence=stored)

    mail = mail_about(alert.changes.get())

    assert "Minor: Rain soon, Newark" in mail["Subject"]
    assert "What it was decided on is unknown." in text_of(mail)


def test_replay_is_called_a_replay():
    make_scene()
    place = make_place(source="replay", station="EWR")

    mail = mail_about(make_alert(make_rule(place)).changes.get())

    assert mail["Subject"].startswith("[Replay] ")
    assert "REPLAY OF PAST WEATHER: Tropical storm Andrea" in text_of(mail)
    assert "Replay of past weather:" in html_of(mail)


def test_weather_of_today_is_not_called_a_replay(alert):
    make_scene()

    mail = mail_about(alert.changes.get())

    assert "replay" not in (mail["Subject"] + text_of(mail) + html_of(mail)).lower()
