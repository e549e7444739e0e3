"""Every admin page opens, for whom it may, with few queries."""

from __future__ import annotations

import pytest
from django.urls import reverse

from predictor import contract
from predictor.online_calibration import PlattScaling
from tests.admin.rows import fill_tables
from tests.factories import (
    NOON,
    make_alert,
    make_evidence,
    make_place,
    make_request,
    make_rule,
    storm_gusts,
)
from weatherapp import models

pytestmark = pytest.mark.django_db

SHOWN = [
    models.Place,
    models.Rule,
    models.Tag,
    models.Alert,
    models.Prediction,
    models.PredictionRequest,
    models.Reading,
    models.SourceForecast,
    models.PlaceCalibration,
    models.Subscription,
    models.Delivery,
    models.Scene,
    models.OutgoingServer,
    models.PublishedMessage,
]
EDITABLE = [models.Place, models.Rule, models.Tag]
HISTORY = [model for model in SHOWN if model not in EDITABLE]
SEARCHED = [model for model in SHOWN if model not in (models.Scene, models.OutgoingServer)]


def address(model: type, page: str, *args: object) -> str:
    return reverse(f"admin:weatherapp_{model.__name__.lower()}_{page}", args=args)


@pytest.mark.parametrize("model", SHOWN)
def test_list_opens_with_few_queries(operator, model, django_assert_max_num_queries):
    fill_tables()

    with django_assert_max_num_queries(14):
        answer = operator.get(address(model, "changelist"))

    assert answer.status_code == 200
    assert answer.context["cl"].result_count == model.objects.count() > 0


@pytest.mark.parametrize("model", SHOWN)
def test_list_does_not_ask_more_for_more_rows(
    operator, model, django_assert_max_num_queries, django_assert_num_queries
):
    fill_tables(count=1)
    with django_assert_max_num_queries(14) as few:
        operator.get(address(model, "changelist"))
    for place in models.Place.objects.all():
        place.delete()
    models.Rule.objects.all().delete()
    models.Tag.objects.all().delete()
    models.Scene.objects.all().delete()
    fill_tables(count=6)

    with django_assert_num_queries(len(few)):
        page = operator.get(address(model, "changelist"))
    assert len(page.context["cl"].result_list) == model.objects.count() > 1


@pytest.mark.parametrize("model", SEARCHED)
def test_list_can_be_searched(operator, model):
    fill_tables()

    found = operator.get(address(model, "changelist"), {"q": "Newark"}).context["cl"]
    missed = operator.get(address(model, "changelist"), {"q": "Atlantis"}).context["cl"]

    assert 0 < found.result_count < model.objects.count()
    assert missed.result_count == 0


@pytest.mark.parametrize("model", SHOWN)
def test_every_filter_works(operator, model):
    fill_tables()
    page = operator.get(address(model, "changelist"))

    for spec in page.context["cl"].filter_specs:
        for choice in spec.choices(page.context["cl"]):
            assert (
                operator.get(page.request["PATH_INFO"] + choice["query_string"]).status_code == 200
            )


@pytest.mark.parametrize("model", SHOWN)
def test_row_opens(operator, model):
    fill_tables()

    for row in model.objects.all():
        assert operator.get(address(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", HISTORY)
def test_history_is_read_only_even_for_the_operator(operator, model):
    fill_tables()
    row = model.objects.first()
    before = model.objects.values().get(pk=row.pk)

    pages = [
        operator.get(address(model, "add")),
        operator.post(address(model, "change", row.pk), {"state": "SENT", "email": "x@y.org"}),
    ]

    assert [page.status_code for page in pages] == [403, 403]
    assert model.objects.values().get(pk=row.pk) == before


@pytest.mark.parametrize("model", [model for model in HISTORY if model != models.Subscription])
def test_history_cannot_be_deleted(operator, model):
    fill_tables()
    row = model.objects.first()

    answer = operator.post(address(model, "delete", row.pk), {"post": "yes"})

    assert answer.status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", SHOWN)
def test_staff_without_permission_sees_nothing(guest, model):
    fill_tables()
    row = model.objects.first()

    pages = [
        guest.get(address(model, "changelist")),
        guest.get(address(model, "change", row.pk)),
        guest.get(address(model, "add")),
        guest.post(address(model, "delete", row.pk), {"post": "yes"}),
    ]

    assert [page.status_code for page in pages] == [403] * 4


@pytest.mark.parametrize("model", SHOWN)
def test_stranger_is_asked_to_log_in(stranger, model):
    answer = stranger.get(address(model, "changelist"))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


def test_alert_page_shows_each_step_and_what_it_saw(operator):
    fill_tables()

    page = operator.get(address(models.Alert, "change", models.Alert.objects.first().pk))

    text = page.content.decode()
    assert "raised" in text
    assert "<strong>70\u00a0%" in text
    assert "active, but no data to confirm it" in text
    assert "<td>no data</td>" in text


def test_alerts_list_shows_how_bad_and_from_when_to_when(operator):
    place = make_place()
    evidence = make_evidence(31.2, storm_gusts())
    make_alert(make_rule(place, says=storm_gusts()), severity="Severe", evidence=evidence)

    text = operator.get(address(models.Alert, "changelist")).content.decode()

    assert "31.2\u00a0m/s" in text
    assert ">Severe<" in text
    assert ">1 Jan 2026, 18:00 UTC<" in text


@pytest.mark.parametrize(
    "evidence",
    [{}, {"version": 99}, {"conditions": [{"quantity": "luck"}]}, {"conditions": [7]}],
    ids=["none", "of another release", "of an unknown quantity", "no condition"],
)
def test_evidence_that_nobody_can_read_is_said_to_be_unknown(operator, evidence):
    alert = make_alert(make_rule(make_place()))
    alert.changes.update(evidence=evidence)
    models.Alert.objects.update(evidence=evidence)

    rows = operator.get(address(models.Alert, "changelist")).content.decode()
    one = operator.get(address(models.Alert, "change", alert.pk)).content.decode()

    assert "unknown" in rows
    assert "What it saw is unknown." in one


def test_failing_place_says_why_on_the_list(operator):
    fill_tables()

    page = operator.get(address(models.Place, "changelist"), {"fetch": "failing"})

    assert page.context["cl"].result_count == 1
    assert "timed out" in page.content.decode()


def test_refused_request_says_why_on_the_list(operator):
    fill_tables()

    page = operator.get(address(models.PredictionRequest, "changelist"), {"state": "REFUSED"})

    assert "too little is recent" in page.content.decode()


def test_error_from_outside_is_shown_as_text(operator):
    fill_tables()
    models.Place.objects.update(fetch_failures=1, fetch_error="<script>alert(1)</script>")
    models.AlertChange.objects.update(
        evidence=make_evidence(0.7, model_name="<script>alert(2)</script>")
    )
    alert = models.Alert.objects.first()

    pages = [
        operator.get(address(models.Place, "changelist")),
        operator.get(address(models.Alert, "change", alert.pk)),
    ]

    assert all("<script>alert" not in page.content.decode() for page in pages)


@pytest.mark.parametrize("model", SHOWN)
def test_pages_keep_to_the_security_policy(operator, model):
    fill_tables()

    for page in ("changelist", "change"):
        args = [model.objects.first().pk] if page == "change" else []
        answer = operator.get(address(model, page, *args))
        assert "unsafe-inline" not in answer["Content-Security-Policy"]
        assert "<script>" not in answer.content.decode()
        assert ' style="' not in answer.content.decode()


def test_a_request_shows_what_was_usual_where_it_was_asked(operator):
    climate = dict.fromkeys(contract.CLIMATE_NAMES) | {"known_days": 2.5, "wet_1h_share": 1 / 12}
    request = make_request(make_place(), window={"hours": [], "climate": climate})

    text = operator.get(address(models.PredictionRequest, "change", request.pk)).content.decode()

    assert "known days: <strong>2.5</strong>" in text
    assert "wet 1h share: <strong>0.083</strong>" in text
    assert "wet 6h share: <strong>unknown</strong>" in text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "not stored yet; next try now"),
        ({"backfilled_at": NOON}, "stored "),
    ],
)
def test_a_place_shows_whether_it_has_the_days_before_its_first_fetch(operator, fields, told):
    place = make_place(fetched_at=NOON, **fields)

    assert told in operator.get(address(models.Place, "change", place.pk)).content.decode()


def test_a_places_calibration_is_shown_rounded_and_target_by_target(operator):
    fill_tables()
    row = models.PlaceCalibration.objects.get(place__name="Newark")
    row.set_scalings((PlattScaling(),) * 25 + (PlattScaling(-0.1234, 1.2345),))
    row.save()

    rows = operator.get(address(models.PlaceCalibration, "changelist")).content.decode()
    one = operator.get(address(models.PlaceCalibration, "change", row.pk)).content.decode()

    assert "-0.12, 1.23" in rows
    assert "<td>hour 1</td><td>+0.000</td><td>1.000</td>" in one
    assert "<td>any of 24 h</td><td>-0.123</td><td>1.234</td>" in one
