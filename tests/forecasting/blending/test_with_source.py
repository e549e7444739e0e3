from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from predictor.online_calibration import PlattScaling
from tests.factories import (
    NOON,
    make_answer,
    make_place,
    make_prediction,
    make_request,
    make_rule,
    rain_soon,
)
from tests.forecasting.asked import record_answer
from tests.forecasting.source_runs import DEFAULT_WEIGHTS, HOUR, make_blended, make_run
from weatherapp.alerting.evaluation import evaluate_places
from weatherapp.forecasting.blending.bands import BANDS, blend_hour
from weatherapp.forecasting.blending.explain import name_parts
from weatherapp.models import AlertChange, BlendWeight, PlaceCalibration, Prediction

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def record(place, now=NOON + 10 * MINUTE, **answer):
    """What is stored when the predictor answers at `now` about the window up to noon."""
    record_answer(make_request(place).pk, make_answer(**answer), now=now)
    return Prediction.objects.get()


def learn(source="open_meteo", **fields):
    for band in BANDS:
        defaults = {"intercept": 0.0, "model_weight": 0.0, "source_weight": 1.0}
        BlendWeight.objects.create(
            source=source,
            first_lead_hours=band.first_lead_hours,
            last_lead_hours=band.last_lead_hours,
            is_learned=True,
            hours=312,
            cases=3_000,
            wet_cases=500,
            fitted_at=NOON,
            **(defaults | fields),
        )


def test_the_sites_probability_is_the_pool_of_both_and_the_models_own_is_kept():
    place = make_place()
    run = make_run(place, 0.9)

    prediction = record(place)

    assert prediction.hourly_probability == [0.05] * 24
    assert prediction.probability_any_6h == 0.2
    assert prediction.site.hourly_probability == [
        pytest.approx(blend_hour(0.05, 0.9, band.default), abs=1e-4)
        for band in BANDS
        for _ in band.lead_hours
    ]
    assert prediction.probability_within(6) == pytest.approx(prediction.blended_any_6h)
    assert prediction.probability_within(24) == pytest.approx(prediction.blended_any_24h)
    assert prediction.calibrated.any_within(6) == pytest.approx(0.2)
    assert prediction.blend == {
        "source": "open_meteo",
        "issued_at": run.run_at.isoformat(),
        "hourly_probability": [0.9] * 24,
        "weights": DEFAULT_WEIGHTS,
    }


def test_learned_weights_are_used_and_stored_with_the_prediction():
    place = make_place()
    make_run(place, 0.9)
    learn()

    prediction = record(place)

    assert prediction.site.hourly_probability == pytest.approx([0.9] * 24)
    assert {entry["hours"] for entry in prediction.blend["weights"]} == {312}


def test_weights_of_another_source_are_not_used():
    place = make_place()
    make_run(place, 0.9)
    learn("met_norway")

    assert record(place).blend["weights"] == DEFAULT_WEIGHTS


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(None, id="no run"),
        pytest.param({"probability": None}, id="no probabilities"),
        pytest.param({"columns": {}}, id="an empty run"),
        pytest.param({"issued_at": NOON - 7 * HOUR}, id="too old a run"),
        pytest.param({"received_at": NOON + HOUR}, id="a run that came later"),
    ],
)
def test_where_the_source_says_nothing_the_models_probability_is_the_sites(run):
    place = make_place()
    make_run(make_place(name="Galway"), 0.9)
    if run is not None:
        make_run(place, **run)

    prediction = record(place)

    assert prediction.blend is None
    assert prediction.site.hourly_probability == prediction.hourly_probability
    assert prediction.probability_within(6) == pytest.approx(0.2)
    assert prediction.read_blend() is None
    assert name_parts(prediction, 6) is None


def test_the_newest_run_that_had_come_counts():
    place = make_place()
    make_run(place, 0.1, issued_at=NOON - HOUR)
    make_run(place, 0.8, issued_at=NOON)
    make_run(place, 0.9, issued_at=NOON + HOUR)

    assert record(place).read_blend().peak_within(24) == 0.8


def test_hours_are_matched_by_time_and_not_by_position():
    place = make_place()
    run = make_run(place, 0.1, issued_at=NOON - 2 * HOUR)
    run.columns["precipitation_probability"][2] = 0.9  # ends at 13:00
    run.columns["precipitation_probability"][5] = None  # ends at 16:00
    run.save()

    theirs = record(place).blend["hourly_probability"]

    assert theirs[:5] == [0.9, 0.1, 0.1, None, 0.1]
    assert theirs[23] == 0.1


def test_rules_look_at_the_blended_probability():
    place = make_place()
    make_rule(place, says=rain_soon(threshold=0.6))
    make_run(place, 0.9)
    prediction = record(place, hourly_probability=(0.2,) * 24, probability_any_6h=0.5)

    (change_id,) = evaluate_places([place.pk], now=NOON + 10 * MINUTE)

    seen = AlertChange.objects.get(pk=change_id).read_evidence().leading
    assert seen.value == pytest.approx(prediction.blended_any_6h)
    assert seen.value > 0.6 > prediction.calibrated.any_within(6)
    assert seen.prediction_id == prediction.pk


def test_parts_are_named_with_their_defaults_until_enough_is_learned():
    place = make_place()
    make_run(place, 0.9)
    parts = name_parts(record(place), 6)

    assert parts.site == Prediction.objects.get().probability_within(6)
    assert (parts.model, parts.source_peak) == (pytest.approx(0.2), 0.9)
    assert parts.source_name == "Open-Meteo"
    assert (parts.is_learned, parts.hours_needed, parts.hours) == (False, 300, 0)


def test_parts_say_from_how_many_hours_their_weights_were_learned():
    place = make_place()
    make_run(place, 0.9)
    learn()
    BlendWeight.objects.filter(first_lead_hours=3).update(hours=305)
    BlendWeight.objects.filter(first_lead_hours=13).update(hours=12, is_learned=False)
    prediction = record(place)

    parts = [name_parts(prediction, hours) for hours in (2, 6, 24)]
    assert [(part.is_learned, part.hours) for part in parts] == [
        (True, 312),
        (True, 305),
        (False, 12),
    ]


def test_a_source_that_left_the_site_keeps_its_name():
    prediction = make_blended(make_place())
    prediction.blend["source"] = "old_weather"

    assert name_parts(prediction, 6).source_name == "old_weather"


def teach(place, intercept=0.5, version="test"):
    """A calibration that moves every answer of that version by so much log-odds."""
    row = PlaceCalibration(
        place=place, model_version=version, answers=12, learned_until_at=NOON, updated_at=NOON
    )
    row.set_scalings((PlattScaling(intercept),) * 26)
    row.save()


def test_what_was_learned_at_the_place_moves_the_answer_and_the_models_own_is_kept():
    place = make_place()
    teach(place)
    teach(make_place(name="Riga"), intercept=-0.5)

    prediction = record(place)

    assert prediction.raw.hourly_probability == [0.05] * 24
    assert prediction.raw.any_within(24) == pytest.approx(0.4)
    assert prediction.calibrated.hourly_probability == pytest.approx([0.0798] * 24, abs=1e-4)
    assert prediction.calibrated_any_24h == pytest.approx(0.5237, abs=1e-4)
    assert prediction.site == prediction.calibrated
    assert prediction.probability_within(24) == pytest.approx(prediction.calibrated_any_24h)


def test_the_calibrated_answer_is_what_is_blended():
    place, steady = make_place(), make_place(name="Riga")
    teach(place)
    for one in (place, steady):
        make_run(one, 0.9)
    record(place)
    moved = place.predictions.get()
    record_answer(make_request(steady).pk, make_answer(), now=NOON + 10 * MINUTE)
    own = steady.predictions.get()

    assert own.calibrated_hourly_probability is None
    by_hour = [band for band in BANDS for _ in band.lead_hours]
    for index, band in enumerate(by_hour):
        chance = blend_hour(0.0798, 0.9, band.default)
        assert moved.site.hourly_probability[index] == pytest.approx(chance, abs=2e-3)
        assert moved.site.hourly_probability[index] > own.site.hourly_probability[index]
    assert name_parts(moved, 24).model == pytest.approx(moved.calibrated_any_24h)
    assert moved.blend["weights"] == own.blend["weights"]


def test_what_another_model_taught_moves_nothing():
    place = make_place()
    teach(place, version="another")

    prediction = record(place)

    assert prediction.calibrated_hourly_probability is None
    assert prediction.site == prediction.raw


def test_any_hour_stays_at_least_as_likely_as_each_after_calibration():
    place = make_place()
    row = PlaceCalibration(
        place=place, model_version="test", answers=1, learned_until_at=NOON, updated_at=NOON
    )
    row.set_scalings((*(PlattScaling(2.0),) * 24, PlattScaling(-2.0), PlattScaling(-2.0)))
    row.save()

    said = record(place, hourly_probability=(0.3,) * 24, probability_any_6h=0.4).calibrated

    assert said.probability_any_6h == pytest.approx(max(said.hourly_probability), abs=1e-4)
    assert said.probability_any_24h == pytest.approx(max(said.hourly_probability), abs=1e-4)


@pytest.mark.parametrize("fields", [{"blended_any_6h": 0.5}, {"calibrated_any_24h": 0.5}])
def test_a_half_moved_prediction_cannot_be_stored(fields):
    place = make_place()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_prediction(place, **fields)
