"""Evidence is enough: from a change, its evidence and its rule version the same comes out again."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from predictor.online_calibration import PlattScaling
from tests.factories import (
    NOON,
    make_answer,
    make_forecast,
    make_place,
    make_prediction,
    make_readings,
    make_request,
    make_rule,
)
from tests.forecasting.asked import record_answer
from tests.forecasting.source_runs import make_run
from weatherapp.alerting.catalogue import BY_KEY
from weatherapp.alerting.engine import wire
from weatherapp.alerting.engine.assessment import assess
from weatherapp.alerting.engine.facts import Facts, Forecast, Measured, Prediction
from weatherapp.alerting.evaluation import evaluate_places
from weatherapp.alerting.known import make_prediction as make_fact
from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import Basis
from weatherapp.domain.rain import FAR_HOURS, RainProbability
from weatherapp.domain.series import make_series
from weatherapp.forecasting.blending.bands import Weights, find_band
from weatherapp.forecasting.blending.blend import blend_answer
from weatherapp.models import AlertChange, BlendWeight, PlaceCalibration
from weatherapp.models import Prediction as PredictionRow

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WET = (0.3, 0.8, 0.9, 0.6, *(0.2,) * 20)

# Weather that two hours of make each rule of the catalogue speak, and speak otherwise.
AS_STORED = 1e-4  # a prediction's hours are kept with four decimals
MEASURED = {
    "heavy-rain-measured": {"precipitation_mm": (26.1, 41.3)},
    "heavy-rain-measured-6h": {"precipitation_mm": (6.3, 17.9)},
    "persistent-rain": {"precipitation_mm": (1.7, 30.3)},
    "strong-wind": {"wind_speed_ms": (11.3, 13.7)},
    "pressure-fall": {"pressure_msl_hpa": (1007.4, 1005.1)},
}
FORECAST = {
    "heavy-rain": {"precipitation_mm": (4.1, 6.3)},
    "gale": {"wind_speed_ms": (18.3, 25.1)},
    "storm-gusts": {"wind_gust_ms": (19.9, 30.7)},
    "thunderstorm": {"weather_code": (95, 99)},
    "snow": {"snowfall_cm": (0.7, 1.3)},
    "frost": {"temperature_c": (-1.3, -11.9)},
    "severe-cold": {"temperature_c": (-21.3, -31.9)},
    "heat": {"temperature_c": (33.3, 38.9)},
}
PROBABILITY = ("rain-soon", "rain-6h")


def test_the_table_has_every_rule_of_the_catalogue():
    assert {*MEASURED, *FORECAST, *PROBABILITY} == set(BY_KEY)


@pytest.mark.parametrize("key", sorted(MEASURED))
def test_what_was_measured_decides_again(key):
    place = make_place()
    make_rule(says=BY_KEY[key].says)
    make_readings(place, hours=30, **{name: low for name, (low, _) in MEASURED[key].items()})
    if key == "pressure-fall":
        place.readings.filter(observed_at__lte=NOON - 3 * HOUR).update(pressure_msl_hpa=1012.3)
    evaluate_places([place.pk], now=NOON)
    make_readings(
        place,
        until=NOON + HOUR,
        hours=1,
        **{name: high for name, (_, high) in MEASURED[key].items()},
    )
    evaluate_places([place.pk], now=NOON + HOUR)

    assert_decided_again()


@pytest.mark.parametrize("key", sorted(FORECAST))
def test_what_was_forecast_decides_again(key):
    place = make_place()
    make_rule(says=BY_KEY[key].says)
    for hour in (0, 1):
        columns = {
            name: [*(values[hour],) * 9, None, *(values[0],) * 38]
            for name, values in FORECAST[key].items()
        }
        make_forecast(place, hour_at=NOON + hour * HOUR, **columns)
        evaluate_places([place.pk], now=NOON + hour * HOUR + timedelta(minutes=20))

    assert_decided_again()


@pytest.mark.parametrize("key", PROBABILITY)
@pytest.mark.parametrize("theirs", [None, 0.9], ids=["model alone", "blended"])
@pytest.mark.parametrize("intercept", [None, 0.31], ids=["raw", "calibrated"])
def test_what_was_likely_is_blended_and_decided_again(key, theirs, intercept):
    place = make_place()
    make_rule(says=BY_KEY[key].says)
    make_readings(place)
    learn_weights(place)
    if intercept is not None:
        calibrate(place, intercept)
    if theirs is not None:
        make_run(place, theirs)
    request = make_request(place)
    record_answer(
        request.pk,
        make_answer(hourly_probability=WET, probability_any_6h=0.93, probability_any_24h=0.97),
        now=NOON,
    )
    evaluate_places([place.pk], now=NOON + HOUR)
    stored = make_fact(PredictionRow.objects.get())
    # The row is not asked again, nor what was learned.
    PredictionRow.objects.update(
        hourly_probability=[0.0] * 24,
        calibrated_hourly_probability=None,
        calibrated_any_6h=None,
        calibrated_any_24h=None,
    )
    PlaceCalibration.objects.all().delete()

    assert_decided_again()
    evidence = AlertChange.objects.get().evidence["conditions"][0]
    again = blend_again(evidence)
    assert (evidence["parts"]["blend"] is None) == (theirs is None)
    said = stored.hourly_probability
    assert again.hourly_probability == pytest.approx(tuple(said), abs=AS_STORED)
    assert again.probability_any_24h == pytest.approx(stored.probability_any_24h, abs=AS_STORED)


def test_a_try_over_the_past_takes_no_parts_along():
    assert make_fact(make_prediction(make_place())).parts is None


def learn_weights(place):
    BlendWeight.objects.create(
        source=place.source,
        first_lead_hours=1,
        last_lead_hours=2,
        intercept=-0.13,
        model_weight=0.61,
        source_weight=0.37,
        is_learned=True,
        hours=400,
        cases=800,
        wet_cases=100,
        fitted_at=NOON,
    )


def calibrate(place, intercept):
    row = PlaceCalibration(
        place=place, model_version="test", answers=9, learned_until_at=NOON, updated_at=NOON
    )
    row.set_scalings((PlattScaling(intercept, 0.9),) * 26)
    row.save()


def assert_decided_again():
    """Each change of the only alert, from its row and its version; what it was before from the last."""
    changes = list(AlertChange.objects.order_by("pk").select_related("rule_version"))
    assert changes, "nothing was raised"
    befores = [None, *(Severity(one.severity) for one, _ in pairwise(changes))]
    for change, current in zip(changes, befores, strict=True):
        says = wire.from_json(change.rule_version.definition)
        again = assess(says, rebuild_facts(change), now=change.changed_at, current=current)
        values = [reading and reading.value for reading in again.readings]
        said = [seen["value"] for seen in change.evidence["conditions"]]
        assert values == pytest.approx(said, abs=AS_STORED)
        assert again.severity == change.severity
        if change.reason == "RAISED":  # what has begun keeps its beginning
            assert again.span.starts_at == change.onset_at
        assert (again.span.ends_at if again.is_end_known else None) == change.ends_at


def rebuild_facts(change):
    """Hours by basis, of the conditions' evidence alone."""
    seen = change.read_evidence().conditions
    stored = change.evidence["conditions"]
    return Facts(
        measured=Measured(*rebuild_hours(seen, Basis.MEASURED))
        if of(seen, Basis.MEASURED)
        else None,
        forecast=Forecast(*rebuild_hours(seen, Basis.FORECAST))
        if of(seen, Basis.FORECAST)
        else None,
        prediction=blend_again(stored[0]) if of(seen, Basis.PROBABILITY) else None,
    )


def of(seen, basis):
    return [condition for condition in seen if condition.basis is basis]


def rebuild_hours(seen, basis):
    conditions = of(seen, basis)
    hours = {}
    for condition in conditions:
        for at, value in condition.hours:
            hours.setdefault(at, {})[condition.quantity_name] = value
    names = [condition.quantity_name for condition in conditions]
    return make_series(hours, names), conditions[0].made_at


def blend_again(stored):
    """By the function that blended it."""
    parts, blend = stored["parts"], stored["parts"]["blend"]
    ours = RainProbability(
        hourly_probability=tuple(parts["hourly_probability"]),
        probability_any_6h=parts["probability_any_6h"],
        probability_any_24h=parts["probability_any_24h"],
    )
    weights = {
        find_band(one["first_lead_hours"]): Weights(one["intercept"], one["model"], one["source"])
        for one in (blend["weights"] if blend else ())
    }
    theirs = blend["hourly_probability"] if blend else [None] * FAR_HOURS
    mixed = blend_answer(ours, theirs, weights) if blend else ours
    return Prediction(
        NOON, mixed.hourly_probability, mixed.probability_any_6h, mixed.probability_any_24h
    )
