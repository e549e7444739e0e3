"""What /metrics says of a site whose state is known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from tests.factories import (
    make_alert,
    make_place,
    make_prediction,
    make_request,
    make_rule,
    make_subscription,
    storm_gusts,
)
from tests.operations.metrics import TOKEN, scrape, value_of
from weatherapp.models import (
    Alert,
    AlertState,
    Delivery,
    DeliveryState,
    OfficialWarning,
    RequestPriority,
    RequestState,
    SourceState,
    TickRun,
    WarningSource,
)
from weatherapp.operations import health

NOW = timezone.now()
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_now(monkeypatch, settings):
    cache.clear()
    settings.METRICS_TOKEN = TOKEN
    settings.WEATHER_SOURCE = "open_meteo"
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    # On PostgreSQL another thread asks, which would not see what this one has not committed.
    monkeypatch.setattr(health, "_ask_database", health._try_reading_work)


@pytest.fixture
def ask(client):
    """The value of one sample, by its name without the site's prefix."""

    def value(name: str, **labels: str) -> float | None:
        return value_of(scrape(client), f"weatheralert_{name}", **labels)

    return value


def test_places_are_told_by_source_one_without_counts_for_the_sites(ask):
    fresh = {"fetched_at": NOW - 5 * MINUTE, "next_refresh_at": NOW + 50 * MINUTE}
    make_place(name="A", source="", **fresh)
    make_place(name="B", source="open_meteo", **fresh)
    make_place(
        name="C",
        fetched_at=NOW - 4 * HOUR,
        next_refresh_at=NOW - 3 * HOUR,
        fetch_failures=3,
        fetch_error="no",
    )
    make_place(name="D", refresh_hours=6, fetched_at=NOW - 7 * HOUR)
    make_place(name="E", source="replay")
    make_place(name="F", is_active=False)
    of = {"source": "open_meteo"}

    assert ask("places", **of) == 4
    assert ask("places_fresh", **of) == 3
    assert ask("places_failing", **of) == 1
    assert ask("places_overdue", **of) == 1
    assert ask("places_oldest_due_age_seconds", **of) == 3 * 3600
    assert ask("weather_newest_fetch_timestamp_seconds", **of) == pytest.approx(
        (NOW - 5 * MINUTE).timestamp(), abs=0.01
    )
    assert ask("weather_oldest_fetch_timestamp_seconds", **of) == pytest.approx(
        (NOW - 7 * HOUR).timestamp(), abs=0.01
    )
    assert ask("places", source="replay") == 1
    assert ask("weather_newest_fetch_timestamp_seconds", source="replay") is None


def test_the_queue_and_what_became_of_the_last_hours_requests(ask):
    place = make_place()
    for minutes, fields in enumerate(
        (
            {"priority": RequestPriority.PEOPLE},
            {"created_at": NOW - 9 * MINUTE},
            {"state": RequestState.REFUSED},
            {"state": RequestState.REFUSED, "created_at": NOW - 2 * HOUR},
        )
    ):
        at = NOW - minutes * MINUTE
        make_request(place, **({"window_end_at": at, "created_at": at} | fields))
    make_prediction(place, window_end_at=NOW - 30 * MINUTE)

    assert ask("prediction_queue_requests", priority="people") == 1
    assert ask("prediction_queue_requests", priority="schedule") == 1
    assert ask("prediction_queue_oldest_age_seconds") == 540
    assert ask("prediction_requests_last_hour", state="refused") == 1
    assert ask("prediction_requests_last_hour", state="answered") == 1
    assert ask("prediction_requests_last_hour", state="expired") == 0
    assert ask("prediction_last_answer_timestamp_seconds") == pytest.approx(
        (NOW - 30 * MINUTE).timestamp(), abs=0.01
    )
    assert ask("prediction_last_cycle_seconds") == 0


def test_open_alerts_by_severity_and_hazard_and_those_that_nothing_confirms(ask):
    place, other = make_place(), make_place(name="Cork")
    gusts = make_rule(name="Gusts", says=storm_gusts())
    make_alert(gusts, place)
    make_alert(gusts, other, state=AlertState.NO_DATA)
    make_alert(make_rule(place))
    ended = make_alert(make_rule(other, name="Over"))
    Alert.objects.filter(pk=ended.pk).update(state=AlertState.ENDED, ended_at=NOW)

    assert ask("alerts_open", severity="moderate", hazard="wind") == 2
    assert ask("alerts_open", severity="minor", hazard="rain") == 1
    assert ask("alerts_open", severity="extreme", hazard="heat") == 0
    assert ask("alerts_unconfirmed") == 1


def test_mails_that_are_owed_sent_and_given_up(ask):
    place = make_place()
    for minutes, state in enumerate(
        (DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.SENT)
    ):
        at = NOW - (10 + minutes * 20) * MINUTE  # the last one more than an hour ago
        Delivery.objects.create(
            change=make_alert(make_rule(place, name=f"{minutes}")).changes.get(),
            subscription=make_subscription(place, email=f"{minutes}@example.org"),
            state=state,
            created_at=at,
            due_at=at,
            failed_at=at if state == DeliveryState.FAILED else None,
        )

    assert ask("mails_unsent") == 1
    assert ask("mail_oldest_unsent_age_seconds") == 600
    assert ask("deliveries_last_hour", state="sent") == 1
    assert ask("deliveries_last_hour", state="pending") == 1
    assert ask("deliveries_last_hour", state="dropped") == 0
    assert ask("deliveries_failed_last_day") == 1
    assert ask("mail_server_resting") == 0


def test_official_sources_that_are_on_and_no_others(ask):
    common = {"issuer": "Met", "address": "https://example.org/cap", "attribution": "Met"}
    WarningSource.objects.create(
        key="ie-met-en",
        state=SourceState.ON,
        succeeded_at=NOW - 7 * MINUTE,
        failures=2,
        in_force=12,
        **common,
    )
    WarningSource.objects.create(key="fr-new", state=SourceState.ON, **common)
    WarningSource.objects.create(key="de-off", in_force=9, succeeded_at=NOW, **common)

    def of(name: str, key: str) -> float | None:
        return ask(f"official_source_{name}", source=key)

    at = pytest.approx((NOW - 7 * MINUTE).timestamp(), abs=0.01)
    assert of("last_success_timestamp_seconds", "ie-met-en") == at
    assert of("failures", "ie-met-en") == 2
    assert of("interval_seconds", "ie-met-en") == 600
    assert of("warnings_in_force", "ie-met-en") == 12
    assert of("failures", "fr-new") == 0
    assert of("last_success_timestamp_seconds", "fr-new") is None
    assert of("warnings_in_force", "fr-new") is None
    assert of("failures", "de-off") is None


def test_official_warnings_are_counted_once_by_severity(ask):
    common = {"hazard": "WIND", "created_at": NOW, "changed_at": NOW, "onset_at": NOW - HOUR}
    for fields in (
        {"severity": "Severe"},
        {"severity": "Severe", "ends_at": NOW + HOUR},
        {"severity": "Severe", "ends_at": NOW - MINUTE},
        {"severity": "Unknown", "onset_at": NOW + HOUR},
        {"severity": "Minor", "ended_at": NOW - MINUTE},
    ):
        OfficialWarning.objects.create(**(common | fields))

    assert ask("official_warnings_open", severity="severe") == 2
    assert ask("official_warnings_open", severity="unknown") == 1
    assert ask("official_warnings_open", severity="minor") == 0


def test_ticks(ask):
    TickRun.objects.create(
        name="refresh", every_s=60, started_at=NOW - MINUTE, finished_at=NOW - MINUTE
    )
    TickRun.objects.create(name="broken", every_s=3600, started_at=NOW, error="ValueError")

    assert ask("tick_last_success_timestamp_seconds", tick="refresh") == pytest.approx(
        (NOW - MINUTE).timestamp(), abs=0.01
    )
    assert ask("tick_interval_seconds", tick="refresh") == 60
    assert ask("tick_failed", tick="refresh") == 0
    assert ask("tick_failed", tick="broken") == 1
    assert ask("tick_last_success_timestamp_seconds", tick="broken") is None


def test_the_database_tells_its_size_and_on_postgres_that_of_its_tables(ask):
    size_bytes = ask("database_size_bytes")
    place_bytes = ask("database_table_size_bytes", table="weatherapp_place")

    assert size_bytes > 100_000
    if connection.vendor == "postgresql":
        assert 0 < place_bytes < size_bytes
    else:
        assert place_bytes is None  # it would have to read the whole file
