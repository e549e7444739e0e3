"""One history, decided twice: by the live pipeline hour by hour, and by the backtest."""

from __future__ import annotations

from datetime import timedelta

from tests.factories import make_rule
from weatherapp.alerting.engine.backtest import play
from weatherapp.alerting.evaluation import evaluate_places
from weatherapp.alerting.past import read_history
from weatherapp.models import AlertChange

HOUR = timedelta(hours=1)


def hours_from(first_at, count):
    return [first_at + step * HOUR for step in range(count)]


def live_changes(place, rules, span):
    """The pipeline, hour by hour: of each rule when, what and why."""
    names = {make_rule(says=says, name=name).pk: name for name, says in rules.items()}
    for now in hours_from(span.starts_at + HOUR, (span.ends_at - span.starts_at) // HOUR):
        evaluate_places([place.pk], now=now)
    changes = {name: [] for name in rules}
    for row in AlertChange.objects.order_by("changed_at", "pk").select_related("alert"):
        changes[names[row.alert.rule_id]].append(
            (row.changed_at, row.reason, row.new_state, row.severity, row.onset_at, row.ends_at)
        )
    return changes


def past_changes(place, says, span):
    """What the backtest plays."""
    history = read_history(place, [says], span, lambda _: None)
    changes, alert = [], None
    for now, transition in play(says, history):
        alert = transition.snapshot.alert or alert
        if (change := transition.change) is not None:
            told = (alert.severity, alert.onset_at, alert.ends_at)
            changes.append((now, change.reason, change.new_state, *told))
    return changes
