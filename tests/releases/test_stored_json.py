"""Rows of other releases: shown as far as they are understood, and no error anywhere."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from re import sub

import pytest
from django.contrib.auth.models import User
from django.test import Client

from predictor.contract import MIN_PRESENT_VALUES
from tests.factories import (
    NOON,
    make_answer,
    make_readings,
    make_request,
    make_rule,
    make_subscription,
)
from tests.forecasting.asked import record_answer
from tests.forecasting.windows import build_window
from tests.releases.rows import BEFORE, BROKEN, CURRENT, LAST, LATER, RELEASES, load, store_rows
from weatherapp.alerting.evaluation import evaluate_places
from weatherapp.delivery import outbox
from weatherapp.delivery.messages import write_alert_mail
from weatherapp.forecasting.blending.learn_calibration import learn_calibrations
from weatherapp.forecasting.scoring.outcomes import score_places
from weatherapp.models import (
    Alert,
    AlertChange,
    Delivery,
    PlaceCalibration,
    Prediction,
    PredictionRequest,
    SourceForecast,
    Ticket,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]
HOUR = timedelta(hours=1)


@pytest.fixture(params=RELEASES)
def release(request) -> str:
    return request.param


@pytest.fixture
def alert(release) -> Alert:
    return store_rows(release)


def read(client: Client, url: str) -> str:
    """What a page says, without its tags."""
    answer = client.get(url)
    assert answer.status_code == 200
    text = unescape(sub(r"<[^>]+>", " ", answer.content.decode())).replace("\u00a0", " ")
    return " ".join(text.split()).replace(" .", ".")


@pytest.mark.parametrize("page", ["home", "place", "alert", "request"])
def test_every_page_opens(client, alert, page):
    urls = {
        "home": "/",
        "place": alert.place.get_absolute_url(),
        "alert": alert.get_absolute_url(),
        "request": Ticket.objects.get().get_absolute_url(),
    }

    text = read(client, urls[page])

    assert "Dublin" in text
    assert "None" not in text
    assert "nan" not in text.split()


@pytest.mark.parametrize(
    ("release", "said"),
    [
        (CURRENT, "Any rain within 6 hours: 63 %. The rule raises Minor at 60 % and keeps it up"),
        (LAST, "Any rain within 6 hours: 63 %. The rule raises Minor at 60 % and keeps it up"),
        (BEFORE, "What it was decided on is unknown."),
        (LATER, "Any rain within 6 hours: 63 %. The rule raises Minor at 60 % and keeps it up"),
        (BROKEN, "What it was decided on is unknown."),
    ],
    indirect=["release"],
)
def test_an_alerts_page_says_what_is_known_and_what_is_not(client, alert, said):
    assert said in read(client, alert.get_absolute_url())


@pytest.mark.parametrize(
    ("release", "is_told"),
    [(CURRENT, True), (LAST, True), (LATER, True), (BEFORE, False), (BROKEN, False)],
    indirect=["release"],
)
def test_the_parts_of_a_probability_are_told_where_they_are_known(client, alert, is_told):
    parts = "6 hours, 60 %: model 20 %, Open-Meteo 60 % in its likeliest hour"

    assert (parts in read(client, alert.place.get_absolute_url())) == is_told


@pytest.mark.parametrize(
    ("release", "is_told"),
    [(CURRENT, True), (LAST, False), (LATER, False), (BEFORE, False), (BROKEN, False)],
    indirect=["release"],
)
def test_an_alerts_page_tells_the_parts_that_its_evidence_holds(client, alert, is_told):
    parts = "Our model said 45 %, Open-Meteo up to 60 % in an hour; together 63 %."

    assert (parts in read(client, alert.get_absolute_url())) == is_told


def test_every_admin_page_opens(alert):
    client = Client()
    client.force_login(User.objects.create_superuser("ada"))
    rows = (
        alert,
        Prediction.objects.get(),
        PredictionRequest.objects.get(),
        SourceForecast.objects.get(),
        PlaceCalibration.objects.get(),
        alert.place,
    )

    for row in rows:
        name = row._meta.model_name
        assert client.get(f"/admin/weatherapp/{name}/").status_code == 200
        assert client.get(f"/admin/weatherapp/{name}/{row.pk}/change/").status_code == 200


@pytest.mark.parametrize("state", ["FIRING", "ENDED", "EXPIRED", "CANCELLED"])
def test_every_mail_is_written(alert, state):
    change = alert.changes.get()
    if state != "FIRING":
        Alert.objects.update(state=state, ended_at=NOON)
        AlertChange.objects.filter(pk=change.pk).update(old_state="FIRING", new_state=state)
    make_subscription(alert.place)
    outbox.enqueue([change.pk], now=NOON)

    mail = write_alert_mail(Delivery.objects.get())

    text = f"{mail.subject}\n{mail.body}\n{mail.alternatives[0].content}"
    assert "Dublin" in mail.subject
    assert "None" not in text
    assert "within  hour" not in text
    assert " is ." not in text


@pytest.mark.parametrize(
    ("release", "said"),
    [
        (CURRENT, "Any rain within 6 hours: 63\u00a0%."),
        (LAST, "Any rain within 6 hours: 63\u00a0%."),
        (BEFORE, "What it was decided on is unknown."),
        (LATER, "Any rain within 6 hours: 63\u00a0%."),
        (BROKEN, "What it was decided on is unknown."),
    ],
    indirect=["release"],
)
def test_a_mail_says_what_is_known(alert, said):
    make_subscription(alert.place)
    outbox.enqueue([alert.changes.get().pk], now=NOON)

    assert said in write_alert_mail(Delivery.objects.get()).body


def test_programs_always_get_the_same_fields(client, alert):
    ticket = Ticket.objects.get()

    result = client.get(f"/api/v1/predictions/{ticket.pk}").json()["result"]

    blend = result["blend"]
    assert set(blend) == {"source", "issued_at", "hourly_probability", "weights"}
    assert len(blend["hourly_probability"]) == 24
    for weight in blend["weights"]:
        assert set(weight) == set(load(CURRENT)["blend"]["weights"][0])


def test_the_next_answer_is_stored_and_decided_upon(alert):
    request = make_request(alert.place, window_end_at=NOON + HOUR, created_at=NOON)

    record_answer(request.pk, make_answer(probability_any_6h=0.95), now=NOON)
    evaluate_places([alert.place_id], now=NOON)

    assert Prediction.objects.count() == 2
    alert.refresh_from_db()
    assert alert.is_open
    assert alert.confirmed_at == NOON


def test_the_place_is_asked_about_and_learned_from(alert):
    make_readings(alert.place, until=NOON + 30 * HOUR, hours=30)

    window = build_window(alert.place, end_at=NOON + 30 * HOUR, now=NOON + 30 * HOUR)
    score_places([alert.place_id])
    learn_calibrations([alert.place_id], now=NOON + 30 * HOUR)

    present = sum(value is not None for row in window.hours for value in row)
    assert present >= MIN_PRESENT_VALUES
    row = PlaceCalibration.objects.get()
    assert len(row.read_scalings()) == 26


@pytest.mark.parametrize("release", [BROKEN], indirect=True)
def test_what_cannot_be_read_is_named_in_the_log(client, alert, caplog):
    read(client, alert.get_absolute_url())
    read(client, alert.place.get_absolute_url())

    assert f"stored of change {alert.changes.get().pk} cannot be read" in caplog.text
    assert f"stored of prediction {Prediction.objects.get().pk} cannot be read" in caplog.text
    assert f"stored of source forecast {SourceForecast.objects.get().pk}" in caplog.text


@pytest.mark.parametrize("release", [CURRENT], indirect=True)
def test_what_this_release_writes_is_what_the_fixture_holds(alert):
    """A change of form must come with a new fixture; this one stays, as another release's."""
    change = evaluate_again(alert)
    stored = load(CURRENT)

    assert set(change.evidence) == set(stored["evidence"])
    assert set(change.evidence["conditions"][0]) == set(stored["evidence"]["conditions"][0])
    parts, told = (
        evidence["conditions"][0]["parts"] for evidence in (change.evidence, stored["evidence"])
    )
    assert set(parts) == set(told)
    assert set(parts["blend"]) == set(told["blend"])
    written = Prediction.objects.latest("pk")
    assert set(written.blend) == set(stored["blend"])
    assert set(written.blend["weights"][0]) == set(stored["blend"]["weights"][0])
    window = build_window(alert.place, end_at=NOON, now=NOON).to_wire()
    assert set(window) == set(stored["window"])
    assert set(window["climate"]) == set(stored["window"]["climate"])


def evaluate_again(alert: Alert) -> AlertChange:
    """What is written today: an answer, and the alert that another rule raises for it."""
    make_rule(alert.place, name="Rain again")
    request = make_request(alert.place, window_end_at=NOON + HOUR, created_at=NOON)
    make_readings(alert.place, until=NOON + HOUR, hours=1)
    answer = make_answer(
        hourly_probability=(0.9,) * 24, probability_any_6h=0.99, probability_any_24h=0.99
    )
    record_answer(request.pk, answer, now=NOON + HOUR)
    (change_id,) = evaluate_places([alert.place_id], now=NOON + HOUR)
    return AlertChange.objects.get(pk=change_id)
