"""What the tests of tries on the past do again and again: a windy place, the form, a try that is done."""

from __future__ import annotations

import json
import re
from datetime import timedelta

from tests.factories import NOON, make_place, make_readings, storm_gusts
from weatherapp import tasks
from weatherapp.alerting.engine import wire
from weatherapp.domain.conditions import Basis
from weatherapp.models import Backtest

HOUR = timedelta(hours=1)
GUSTS = storm_gusts(6, basis=Basis.MEASURED)
TRY = "/admin/weatherapp/backtest/try/"


def make_windy_place(name="Dublin", gust=20.0):
    place = make_place(name=name)
    make_readings(place, hours=48, wind_gust_ms=5.0)
    place.readings.filter(observed_at__gt=NOON - 3 * HOUR).update(wind_gust_ms=gust)
    return place


def typed(**fields):
    """What the page of a try sends."""
    definition = json.dumps(wire.to_json(GUSTS))
    return {"name": "Storm gusts", "definition": definition, "places": "Dublin"} | fields


def begin(client, **fields):
    answer = client.post(TRY, typed(**fields))
    assert answer.status_code == 302, answer.context["form"].errors
    return Backtest.objects.latest("pk")


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def done(client, **fields):
    """The page of a try that is done."""
    row = begin(client, **fields)
    tasks.run_backtest(backtest_id=row.pk)
    return client.get(row.get_absolute_url())


def rule_form(**fields):
    """A valid one."""
    levels = {
        "condition-0-quantity": "wind_gust_ms",
        "condition-0-basis": "MEASURED",
        "condition-0-hours": "6",
        "condition-0-aggregation": "MAXIMUM",
        "condition-0-comparison": "AT_LEAST",
        "condition-0-moderate_threshold": "18",
        "condition-0-moderate_recovery_threshold": "15",
    }
    knobs = {
        "pending_evaluations": "1",
        "pending_minutes": "0",
        "keep_firing_minutes": "0",
        "rearm_minutes": "0",
        "lead_from_hours": "0",
        "no_data_policy": "SAY",
    }
    row = {"name": "My gusts", "scope": "ALL", "is_active": "on", "places": ""}
    return row | knobs | levels | fields
