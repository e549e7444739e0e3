"""Alerts of this site, each with its changes and what each decision saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from weatherapp.alerting.catalogue import translate_name
from weatherapp.api.checking import parse_time
from weatherapp.api.cursors import cut, read_cursor
from weatherapp.api.operations import LANGUAGE, PAGED, Call, Operation, Parameter, Slice
from weatherapp.api.problems import not_found, wrong_parameter
from weatherapp.api.resources.evidence import EVIDENCE
from weatherapp.api.resources.place import TAG, places_tagged, read_site_version
from weatherapp.api.schema import (
    ADDRESS,
    FLAG,
    ID,
    TEXT,
    TIME,
    UUID,
    Resource,
    Type,
    field,
    list_of,
    maybe,
    of,
    one_of,
)
from weatherapp.domain.cap import LEVELS, Certainty, Severity, Urgency
from weatherapp.domain.hazards import Hazard
from weatherapp.models import Alert, AlertChange, AlertState, ChangeReason, Place
from weatherapp.models.alert import OPEN_STATES
from weatherapp.models.place import read_clocks
from weatherapp.pages.versions import read_alert_version

OPEN, OVER, ALL = "OPEN", "OVER", "ALL"
STATES = {
    OPEN: tuple(OPEN_STATES),
    OVER: tuple(state for state in AlertState if state not in OPEN_STATES),
    ALL: tuple(AlertState),
} | {state.value: (state,) for state in AlertState}
WANT_OF_BOX = "Must be west,south,east,north in degrees, south first."


@dataclass(frozen=True, slots=True)
class SeenAlert:
    """`now` is the place's clock."""

    alert: Alert
    now: datetime

    @property
    def pk(self) -> int:
        return self.alert.pk


CHANGE = Resource(
    "AlertChange",
    "One step in an alert's life. It never changes.",
    (
        field("id", ID, "Its number; later ones are higher.", lambda row: row.pk),
        field(
            "old_state",
            maybe(one_of(AlertState)),
            "Null at the raising.",
            lambda row: row.old_state or None,
        ),
        field("new_state", one_of(AlertState), "From then on."),
        field("reason", one_of(ChangeReason), "Why."),
        field("severity", one_of(LEVELS), "From then on."),
        field("onset_at", TIME, "When the weather begins, as it was known then."),
        field("ends_at", maybe(TIME), "When it ends, as it was known then; null: nobody knew."),
        field("changed_at", TIME, "By the place's clock."),
        field("created_at", TIME, "By the real clock."),
        field(
            "rule_version",
            ID,
            "By which version of the rule.",
            lambda row: row.rule_version.number,
        ),
        field("note", TEXT, "An operator's words; mostly empty."),
        field("evidence", of(EVIDENCE), "What the decision saw.", lambda row: row.read_evidence()),
    ),
)

PLACE_OF = Resource(
    "PlaceName",
    "A place by number and name.",
    (field("id", ID, "Number.", lambda row: row.pk), field("name", TEXT, "Name.")),
)

RULE_OF = Resource(
    "RuleName",
    "A rule by number and name.",
    (
        field("id", ID, "Number.", lambda row: row.pk),
        field("name", TEXT, "Name.", lambda row: translate_name(key=row.key, name=row.name)),
    ),
)

_FIELDS = (
    field(
        "id", UUID, "Its public identifier, which never changes.", lambda seen: seen.alert.public_id
    ),
    field("place", of(PLACE_OF), "Where.", lambda seen: seen.alert.place),
    field("rule", of(RULE_OF), "By which rule.", lambda seen: seen.alert.rule),
    field("state", one_of(AlertState), "What has become of it.", lambda seen: seen.alert.state),
    field("is_open", FLAG, "Whether it is not over.", lambda seen: seen.alert.is_open),
    field(
        "is_confirmed",
        FLAG,
        "Whether data confirm it: an open alert that is not says something of a time that is over.",
        lambda seen: seen.alert.is_confirmed(seen.now),
    ),
    field("severity", one_of(LEVELS), "CAP: how bad.", lambda seen: seen.alert.severity),
    field(
        "peak_severity",
        one_of(LEVELS),
        "The worst it has been.",
        lambda seen: seen.alert.peak_severity,
    ),
    field("certainty", one_of(Certainty), "CAP: how sure.", lambda seen: seen.alert.certainty),
    field("urgency", one_of(Urgency), "CAP: how soon.", lambda seen: seen.alert.urgency(seen.now)),
    field("hazard", one_of(Hazard), "Which kind of weather.", lambda seen: seen.alert.hazard),
    field("raised_at", TIME, "When it was raised.", lambda seen: seen.alert.raised_at),
    field("onset_at", TIME, "When the weather begins, or began.", lambda seen: seen.alert.onset_at),
    field(
        "ends_at",
        maybe(TIME),
        "When it is expected to end; null: nobody knows.",
        lambda seen: seen.alert.ends_at,
    ),
    field("ended_at", maybe(TIME), "When the alert ended.", lambda seen: seen.alert.ended_at),
    field(
        "confirmed_at", TIME, "Last evaluation that had data.", lambda seen: seen.alert.confirmed_at
    ),
    field(
        "confirmed_until_at",
        TIME,
        "The end of the span that it spoke of.",
        lambda seen: seen.alert.confirmed_until_at,
    ),
    field(
        "page",
        ADDRESS,
        "Its page for people.",
        lambda seen: settings.SITE_URL + seen.alert.get_absolute_url(),
    ),
)

ALERT = Resource(
    "Alert",
    "One spell in which a rule holds at a place. Times are the place's clock. This site is no "
    "warning authority.",
    _FIELDS,
)

WHOLE_ALERT = Resource(
    "AlertWithChanges",
    "An alert with all that happened to it.",
    (
        *_FIELDS,
        field(
            "evidence",
            of(EVIDENCE),
            "What the newest evaluation with data saw.",
            lambda seen: seen.alert.read_evidence(),
        ),
        field(
            "changes",
            list_of(of(CHANGE)),
            "The oldest first.",
            lambda seen: seen.alert.changes.all(),
        ),
    ),
)


def _list_alerts(call: Call) -> Slice:
    """The newest first."""
    in_state = Alert.objects.select_related("place", "rule").filter(state__in=STATES[call["state"]])
    rows = _filter_by_place(in_state, call)
    if call["severity"] is not None:
        least = Severity(call["severity"]).rank
        rows = rows.filter(severity__in=[one.value for one in LEVELS if one.rank >= least])
    if call["since"] is not None:
        changed = AlertChange.objects.filter(created_at__gte=parse_time(call["since"]))
        rows = rows.filter(pk__in=changed.values("alert"))
    after = read_cursor(call, int)
    if after is not None:
        rows = rows.filter(pk__lt=after[0])
    found = list(rows.order_by("-pk")[: call["limit"] + 1])
    clocks = read_clocks([alert.place for alert in found], now=call.now)
    return cut(call, [SeenAlert(alert, clocks[alert.place_id]) for alert in found], "pk")


def _filter_by_place(rows: QuerySet[Alert], call: Call) -> QuerySet[Alert]:
    if call["place"] is not None:
        rows = rows.filter(place=call["place"])
    if call["tag"] is not None:
        rows = rows.filter(place__in=places_tagged(call["tag"]))
    if call["bbox"] is not None:
        within = Place.objects.filter(_read_box(call["bbox"])).order_by()
        rows = rows.filter(place__in=within.values("pk"))
    return rows


def _read_box(text: str) -> Q:
    west, south, east, north = map(float, text.split(","))
    is_on_earth = -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90
    if not is_on_earth:
        raise wrong_parameter("bbox", WANT_OF_BOX)
    from_west, to_east = Q(longitude__gte=west), Q(longitude__lte=east)
    across = from_west & to_east if west <= east else from_west | to_east
    return across & Q(latitude__range=(south, north))


def _show_alert(call: Call) -> SeenAlert:
    changes = Prefetch("changes", AlertChange.objects.select_related("rule_version"))
    rows = Alert.objects.select_related("place", "rule").prefetch_related(changes)
    alert = rows.filter(public_id=call.path["alert_id"]).first()
    if alert is None:
        raise not_found("alert")
    return SeenAlert(alert, alert.place.clock(call.now))


def _read_version(call: Call) -> str:
    """Raises Http404."""
    rows = Alert.objects.filter(public_id=call.path["alert_id"])
    pk = rows.values_list("pk", flat=True).first()
    if pk is None:
        raise Http404
    return read_alert_version(pk).page


_NUMBER = r"-?\d{1,3}(\.\d{1,12})?"

OPERATIONS = (
    Operation(
        "list_alerts",
        "GET",
        "api_alerts",
        "Alerts",
        "List alerts",
        ALERT,
        _list_alerts,
        "The newest first. Without `state` those that are open.",
        parameters=(
            Parameter("place", ID, "Of the place with this number."),
            TAG,
            Parameter("severity", one_of(LEVELS), "Of this severity and worse."),
            Parameter(
                "state",
                one_of(STATES),
                "In this state; OPEN and OVER stand for three each, ALL for all.",
                usual=OPEN,
            ),
            Parameter(
                "bbox",
                Type(
                    {
                        "type": "string",
                        "pattern": f"^{_NUMBER}(,{_NUMBER}){{3}}$",
                        "x-form": WANT_OF_BOX,
                    }
                ),
                "Of places in a box: west,south,east,north in degrees. West may be more than east: then it "
                "goes over the 180th meridian.",
                example="-11,51,-5,56",
            ),
            Parameter(
                "since",
                TIME,
                "Of which anything changed from this time on, by the real clock.",
                example="2026-01-01T00:00:00Z",
            ),
            LANGUAGE,
            *PAGED,
        ),
        is_list=True,
        read_version=read_site_version,
    ),
    Operation(
        "show_alert",
        "GET",
        "api_alert",
        "Alerts",
        "Show an alert with its changes",
        WHOLE_ALERT,
        _show_alert,
        parameters=(LANGUAGE,),
        read_version=_read_version,
        problems=(404,),
    ),
)
