"""An operator ends an alert, and says why."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from weatherapp.alerting.engine.facts import Facts
from weatherapp.alerting.engine.snapshot import Reason
from weatherapp.alerting.ledger import EvaluationContext, Ledger
from weatherapp.models import Alert, Place


@transaction.atomic
def cancel_alert(alert_id: int, *, note: str, now: datetime) -> list[int]:
    """The change's id; nothing where the alert is over already. `now` is real time.

    What is over stays over: while the weather goes on, the rule raises a new alert.
    """
    place_id = Alert.objects.values_list("place_id", flat=True).get(pk=alert_id)
    place = Place.objects.select_for_update().get(pk=place_id)
    alert = Alert.objects.open().filter(pk=alert_id).first()
    if alert is None:
        return []
    ledger = Ledger(now)
    ledger.close(
        EvaluationContext(place, place.clock(now), Facts()),
        alert,
        Reason.CANCELLED,
        version_id=alert.rule.versions.latest().pk,
        note=note,
    )
    return ledger.write()
