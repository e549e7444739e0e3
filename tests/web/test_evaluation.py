from datetime import timedelta

import pytest

from tests.factories import NOON, make_alert, make_place, make_prediction, make_rule
from weatherapp.alerting.evaluation import evaluate_place, places_without_data
from weatherapp.models import Alert, AlertChange, AlertState, RuleState

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def wet(place, probability, at=NOON):
    return make_prediction(place, window_end_at=at, probability_any_6h=probability)


def test_reaching_the_threshold_raises_one_alert_with_its_evidence():
    place = make_place()
    rule = make_rule(place)
    prediction = wet(place, 0.7)

    (change_id,) = evaluate_place(place, now=NOON)

    alert = Alert.objects.get()
    change = AlertChange.objects.get(pk=change_id)
    assert (alert.state, alert.rule, alert.raised_at) == (AlertState.ACTIVE, rule, NOON)
    assert (change.old_state, change.new_state, change.reason) == ("", "ACTIVE", "REACHED")
    assert change.prediction == prediction
    assert change.evidence["probability"] == pytest.approx(0.7)
    assert change.evidence | {"probability": 0.7} == {
        "probability": 0.7,
        "threshold": 0.6,
        "margin": 0.1,
        "window_hours": 6,
        "window_end_at": NOON.isoformat(),
        "model_name": "rain_mini",
        "model_version": "test",
        "prediction_id": prediction.pk,
        "request_id": str(prediction.request_id),
        "parts": None,
    }
    rule.refresh_from_db()
    assert rule.state == RuleState.RAISED


def test_evaluating_again_changes_nothing():
    place = make_place()
    make_rule(place)
    wet(place, 0.7)
    evaluate_place(place, now=NOON)

    assert evaluate_place(place, now=NOON) == []
    assert Alert.objects.count() == 1


def test_an_alert_rises_changes_and_ends():
    place = make_place()
    rule = make_rule(place)
    for hours, probability in enumerate((0.3, 0.65, 0.9, 0.55, 0.2)):
        at = NOON + hours * HOUR
        wet(place, probability, at)
        evaluate_place(place, now=at)

    alert = Alert.objects.get()
    reasons = [change.reason for change in alert.changes.all()]
    assert reasons == ["REACHED", "ROSE", "FELL", "CLEARED"]
    assert alert.state == AlertState.ENDED
    assert alert.ended_at == NOON + 4 * HOUR
    assert alert.peak_probability == pytest.approx(0.9)
    rule.refresh_from_db()
    assert rule.state == RuleState.QUIET


def test_a_new_spell_is_a_new_alert():
    place = make_place()
    make_rule(place)
    for hours, probability in enumerate((0.8, 0.1, 0.8)):
        wet(place, probability, NOON + hours * HOUR)
        evaluate_place(place, now=NOON + hours * HOUR)

    assert list(Alert.objects.order_by("raised_at").values_list("state", flat=True)) == [
        "ENDED",
        "ACTIVE",
    ]


def test_without_any_prediction_the_rule_says_no_data_and_not_quiet():
    place = make_place()
    rule = make_rule(place)

    assert evaluate_place(place, now=NOON) == []
    rule.refresh_from_db()
    assert (rule.state, rule.latest_probability) == (RuleState.NO_DATA, None)


def test_a_stale_prediction_is_no_data_then_expires_and_a_fresh_one_would_confirm(settings):
    place = make_place()
    rule = make_rule(place)
    wet(place, 0.7)
    evaluate_place(place, now=NOON)

    evaluate_place(place, now=NOON + settings.PREDICTION_FRESH)
    silent = Alert.objects.get()
    assert silent.state == AlertState.NO_DATA
    assert silent.probability == pytest.approx(0.7)

    back_at = NOON + 4 * HOUR
    wet(place, 0.65, back_at)
    evaluate_place(place, now=back_at)
    assert Alert.objects.get().state == AlertState.ACTIVE

    evaluate_place(place, now=back_at + settings.ALERT_EXPIRES)
    expired = Alert.objects.get()
    assert expired.state == AlertState.EXPIRED
    assert [change.reason for change in expired.changes.all()] == [
        "REACHED",
        "DATA_LOST",
        "DATA_BACK",
        "TIMED_OUT",
    ]
    rule.refresh_from_db()
    assert rule.state == RuleState.NO_DATA


def test_a_prediction_from_the_future_of_the_places_clock_is_not_used():
    place = make_place()
    make_rule(place)
    wet(place, 0.9, NOON + HOUR)

    assert evaluate_place(place, now=NOON) == []


def test_a_rule_that_is_switched_off_ends_its_alert():
    place = make_place()
    rule = make_rule(place)
    make_alert(rule)
    rule.is_active = False
    rule.save()

    evaluate_place(place, now=NOON + HOUR)

    alert = Alert.objects.get()
    assert alert.state == AlertState.ENDED
    assert alert.changes.last().reason == "RULE_OFF"


def test_each_rule_has_its_own_alert():
    place = make_place()
    make_rule(place, name="near", window_hours=1, threshold=0.04, margin=0)
    make_rule(place, name="far", window_hours=24, threshold=0.3)
    make_rule(place, name="never", window_hours=6, threshold=0.99)
    wet(place, 0.2)

    evaluate_place(place, now=NOON)

    assert set(Alert.objects.values_list("rule__name", flat=True)) == {"near", "far"}


def test_places_without_data_are_those_that_have_something_to_decide(settings):
    fresh, stale, silent, idle, off = (
        make_place(name=name) for name in ("fresh", "stale", "silent", "idle", "off")
    )
    for place in (fresh, stale, silent):
        make_rule(place)
    make_alert(make_rule(off, is_active=False))
    wet(fresh, 0.2)
    wet(stale, 0.2, NOON - settings.PREDICTION_FRESH)

    found = places_without_data(now=NOON)

    assert {place.name for place in found} == {"stale", "silent", "off"}
    assert idle not in found
