"""Facts of a place -> decisions -> changes of its alerts, stored in one transaction."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from weatherapp.alerting import lifecycle, rules
from weatherapp.alerting.history import Occasion, close, confirm, last_told, move, raise_alert
from weatherapp.models import Alert, AlertChange, Place, Prediction, Rule, RuleState
from weatherapp.models.alert import OPEN_STATES


def evaluate_place(place: Place, *, now: datetime) -> list[int]:
    """Apply the place's rules to its newest prediction; ids of the changes made.

    `now` is real time. Safe to call twice: the second call finds nothing to change.
    """
    place_now = place.clock(now)
    with transaction.atomic():
        # The rows' lock makes two evaluations of a place take turns.
        rows = list(Rule.objects.select_for_update().filter(place=place).order_by("pk"))
        occasion = Occasion(now, place_now, freshest_prediction(place, now=place_now))
        changes = [_evaluate(rule, occasion) for rule in rows]
    return [change.pk for change in changes if change is not None]


def places_without_data(*, now: datetime) -> list[Place]:
    """Places that have something to decide and no fresh prediction to decide it on."""
    concerned = Q(rules__is_active=True) | Q(alerts__state__in=OPEN_STATES)
    places = Place.objects.filter(concerned).distinct().order_by("pk")
    return [place for place in places if not freshest_prediction(place, now=place.clock(now))]


def freshest_prediction(place: Place, *, now: datetime) -> Prediction | None:
    """The newest prediction that is still worth a decision; `now` is the place's clock."""
    return (
        place.predictions.filter(
            window_end_at__gt=now - settings.PREDICTION_FRESH, window_end_at__lte=now
        )
        .order_by("-window_end_at", "-pk")
        .first()
    )


def _evaluate(rule: Rule, occasion: Occasion) -> AlertChange | None:
    alert = Alert.objects.open().filter(rule=rule).first()
    if not rule.is_active:
        return close(alert, rule, occasion) if alert else None
    probability = occasion.probability(rule)
    verdict = rules.judge(probability, rules.Threshold(rule.threshold, rule.margin))
    step = lifecycle.next_step(
        _life(alert),
        verdict,
        probability,
        now=occasion.place_now,
        expires_after=settings.ALERT_EXPIRES,
    )
    change = _take(step, alert, rule, occasion) if step else None
    if alert is not None and alert.is_open and probability is not None:
        confirm(alert, probability, occasion)
    _note(rule, occasion, raised=Alert.objects.open().filter(rule=rule).exists())
    return change


def _take(step: lifecycle.Step, alert: Alert | None, rule: Rule, occasion: Occasion) -> AlertChange:
    if alert is None:
        return raise_alert(rule, step, occasion)
    return move(alert, rule, step, occasion)


def _life(alert: Alert | None) -> lifecycle.Life | None:
    if alert is None:
        return None
    return lifecycle.Life(alert.state, alert.confirmed_at, last_told(alert))


def _note(rule: Rule, occasion: Occasion, *, raised: bool) -> None:
    rule.latest_probability = occasion.probability(rule)
    if rule.latest_probability is None:
        rule.state = RuleState.NO_DATA
    else:
        rule.state = RuleState.RAISED if raised else RuleState.QUIET
    rule.evaluated_at = occasion.place_now
    rule.save(update_fields=["state", "evaluated_at", "latest_probability"])
