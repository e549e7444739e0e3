"""What is known of places, as the broker is told it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery

from weatherapp.domain.cap import LEVELS, Severity
from weatherapp.models import Alert, Place, Prediction, PublishedMessage
from weatherapp.models.place import read_clocks

# Of readings, as rules believe them; of a place that is fetched rarely for longer.
BELIEVED_FOR = timedelta(hours=3)
MOST_ALERTS = 20  # named one by one; all are counted
RAIN_HOURS = (6, 24)


@dataclass(frozen=True, slots=True)
class _Known:
    """`ahead`: how much later real times are than the place's."""

    place: Place
    alerts: Sequence[Alert]  # open ones, the worst first
    headlines: Mapping[int, str]  # by alert
    prediction: Prediction | None
    ahead: timedelta
    now: datetime

    @property
    def is_fresh(self) -> bool:
        fetched_at = self.place.fetched_at
        since = self.now - BELIEVED_FOR - self.place.fresh_longer
        return fetched_at is not None and fetched_at >= since


def read_states(places: Sequence[Place], *, now: datetime) -> dict[int, dict[str, Any]]:
    """By place. None in a state: it is not known. Some five queries, however many places."""
    clocks = read_clocks(places, now=now)
    alerts = _read_alerts(places)
    headlines = _read_headlines([alert for found in alerts.values() for alert in found])
    predictions = _read_predictions(clocks)
    return {
        place.pk: _describe(
            _Known(
                place=place,
                alerts=alerts[place.pk],
                headlines=headlines,
                prediction=predictions.get(place.pk),
                ahead=now - clocks[place.pk],
                now=now,
            )
        )
        for place in places
    }


def _read_alerts(places: Sequence[Place]) -> Mapping[int, list[Alert]]:
    by_place = defaultdict(list)
    for alert in Alert.objects.open().filter(place__in=places).select_related("place", "rule"):
        by_place[alert.place_id].append(alert)
    for found in by_place.values():
        found.sort(key=lambda alert: (-alert.severity_rank, alert.onset_at, alert.pk))
    return by_place


def _read_headlines(alerts: Sequence[Alert]) -> dict[int, str]:
    """As they were published last; of an alert that is still to be published none."""
    messages = PublishedMessage.objects.filter(alert__in=alerts).order_by("number")
    return {
        alert_id: texts.get(settings.MQTT.language, {}).get("headline", "")
        for alert_id, texts in messages.values_list("alert", "texts")
    }


def _read_predictions(clocks: Mapping[int, datetime]) -> dict[int, Prediction]:
    """The newest that is fresh, by place; all places share at most two clocks."""
    by_clock = defaultdict(list)
    for place_id, clock in clocks.items():
        by_clock[clock].append(place_id)
    found: dict[int, Prediction] = {}
    for clock, place_ids in by_clock.items():
        newest = Prediction.objects.filter(place=OuterRef("pk"), window_end_at__lte=clock)
        first = newest.order_by("-window_end_at", "-pk").values("pk")[:1]
        rows = Place.objects.filter(pk__in=place_ids).annotate(newest=Subquery(first))
        ids = [pk for pk in rows.order_by().values_list("newest", flat=True) if pk]
        fresh = Prediction.objects.filter(pk__in=ids).select_related("place")
        found |= {
            row.place_id: row
            for row in fresh
            if clock - row.window_end_at < settings.PREDICTION_FRESH + row.place.fresh_longer
        }
    return found


def _describe(known: _Known) -> dict[str, Any]:
    worst = known.alerts[0].severity_rank if known.alerts else 0
    is_known = known.is_fresh or bool(known.alerts)
    return {
        **{level.value.lower(): _tell_level(level, worst, known) for level in LEVELS},
        "severity": _name(worst) if is_known else None,
        "alert_count": len(known.alerts) if is_known else None,
        **{
            f"precipitation_probability_{hours}h": _tell_rain(known.prediction, hours)
            for hours in RAIN_HOURS
        },
        "data_at": _write_time(known.place.fetched_at),
        "status": _name_status(known.place),
        "alerts": [_describe_alert(alert, known) for alert in known.alerts[:MOST_ALERTS]],
    }


def _tell_level(level: Severity, worst: int, known: _Known) -> str | None:
    """An alert that no data confirms is one until it ends; that there is none takes fresh data."""
    if worst >= level.rank:
        return "ON"
    return "OFF" if known.is_fresh else None


def _name(worst: int) -> str:
    return LEVELS[worst - 1].value.lower() if worst else "none"


def _name_status(place: Place) -> str:
    """CAP's word for whether anybody should act on it."""
    return "Exercise" if place.is_replay else settings.CAP_STATUS


def _tell_rain(prediction: Prediction | None, hours: int) -> float | None:
    return round(prediction.probability_within(hours), 3) if prediction else None


def _describe_alert(alert: Alert, known: _Known) -> dict[str, Any]:
    """Times are real ones, of a replay too."""
    return {
        "id": str(alert.public_id),
        "headline": known.headlines.get(alert.pk) or alert.rule.name,
        "hazard": alert.hazard,
        "severity": alert.severity,
        "certainty": alert.certainty,
        "has_data": alert.state != "NO_DATA",
        "onset": _write_time(alert.onset_at + known.ahead),
        "ends": _write_time(alert.ends_at + known.ahead if alert.ends_at else None),
        "url": settings.SITE_URL + alert.get_absolute_url(),
    }


def _write_time(at: datetime | None) -> str | None:
    return at.astimezone(UTC).replace(microsecond=0).isoformat() if at else None
