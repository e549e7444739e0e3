"""A row of every kind, several of most: an admin page that is slow or broken shows."""

from __future__ import annotations

from datetime import timedelta

from tests.factories import (
    NOON,
    make_alert,
    make_evidence,
    make_place,
    make_prediction,
    make_readings,
    make_request,
    make_rule,
    make_scene,
    make_subscription,
)
from tests.pages.official import heard_source, make_warning
from weatherapp.delivery import outbox
from weatherapp.models import (
    AlertChange,
    AlertState,
    ChangeReason,
    Delivery,
    DeliveryState,
    OutgoingServer,
    Place,
    PlaceCalibration,
    RequestState,
    SourceForecast,
    Tag,
    WarningSource,
)


def fill_tables(count: int = 3) -> None:
    for number in range(count):
        Tag.objects.get_or_create(name=f"coast {number}")
    make_scene()
    for number in range(1, count):
        make_scene(name=f"storm-{number}")
    for number in range(count):
        OutgoingServer.objects.get_or_create(name=f"server-{number}", failures=number)
    for number in range(count):
        fill_place(make_place(name=f"Place {number}", fetched_at=NOON))
    replay = make_place(name="Newark", source="replay", station="EWR", time_zone="America/New_York")
    fill_place(replay)
    replay.tags.add(Tag.objects.get_or_create(name="near Newark")[0])
    for number in range(count):
        source = heard_source(key=f"met-{WarningSource.objects.count()}", issuer=f"Met {number}")
        make_warning(replay, source=source)
    make_place(name="Cork", fetch_failures=2, fetch_failed_at=NOON, fetch_error="timed out")


def fill_place(place: Place) -> None:
    make_readings(place, hours=2, precipitation_mm=None)
    prediction = make_prediction(place)
    rule = make_rule(place, name=f"Rain soon in {place.name}")
    alert = make_alert(rule, prediction=prediction)
    make_request(
        place,
        window_end_at=NOON + timedelta(hours=1),
        window={"hours": [[1.0, None, 1013.0, 3.0, 180.0, 0.0]] * 24},
        state=RequestState.REFUSED,
        error="ContractError",
        error_message="too little is recent",
    )
    lost = AlertChange.objects.create(
        alert=alert,
        old_state=AlertState.FIRING,
        new_state=AlertState.NO_DATA,
        reason=ChangeReason.DATA_LOST,
        severity=alert.severity,
        onset_at=NOON,
        rule_version=rule.versions.latest(),
        changed_at=NOON,
        created_at=NOON,
        evidence=make_evidence(None),
    )
    SourceForecast.objects.create(
        place=place,
        hour_at=NOON,
        received_at=NOON,
        source="open_meteo",
        first_at=NOON,
        columns={"precipitation_mm": [None, 0.2]},
    )
    PlaceCalibration.objects.create(
        place=place, model_version="test", answers=1, learned_until_at=NOON, updated_at=NOON
    )
    make_subscription(place)
    make_subscription(place, email="asked@example.org", confirmed_at=None)
    outbox.enqueue(alert.changes.exclude(pk=lost.pk).values_list("pk", flat=True), now=NOON)
    Delivery.objects.filter(change__alert=alert).update(
        state=DeliveryState.FAILED, error="550 no such user"
    )
