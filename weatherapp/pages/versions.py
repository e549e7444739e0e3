"""Cheap marks of what a page is made of: another mark, another page. One query each.

What a mark does not see is on the page a minute later: the minute is part of every ETag.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.db.models import (
    Aggregate,
    Count,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import MD5, Cast, Concat, JSONArray
from django.http import Http404

from weatherapp.models import (
    Alert,
    AlertChange,
    OfficialChange,
    OfficialEvent,
    OfficialPlace,
    Place,
    Prediction,
    PredictionRequest,
    Reading,
    RequestState,
    Rule,
    RuleState,
    RuleVersion,
    Scene,
    SourceForecast,
    SourceState,
    WarningSource,
)
from weatherapp.models.alert import OPEN_STATES
from weatherapp.pages.place_list import PLACES_A_PAGE
from weatherapp.pages.prepared import PreparedQuery, Row

MOST_ID = 2**63 - 1  # more, no column of ids can hold
OF_RULES = ("v_rules", "v_version", "v_rule_tags", "v_chosen_last", "v_chosen_count")
OF_THE_OFFICIAL = ("v_official", "v_official_change", "v_official_place", "v_active")
OF_THE_LIST = ("v_words", "v_active", "v_count")
OF_AN_EVENT = tuple(
    f"event__{name}"
    for name in ("warning_id", "severity", "onset_at", "ends_at", "pk", "changed_at")
)
OF_A_SOURCE = ("pk", "succeeded_at", "issuer", "attribution", "licence")
OF_A_RULE = ("pk", "name", "is_active", "scope", "order")


class JoinedText(Aggregate):
    """All values in one text, in no order: another order is another mark, which is only not shared."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "STRING_AGG(%(expressions)s, ',')"
        return self.as_sql(compiler, connection, template=template, **more)


class Version(NamedTuple):
    """`page` is the mark of the whole; of what many pages share there are marks of their own.

    What is known of the rows behind it spares who renders the page a query.
    """

    page: str
    rules: str = ""
    places: str = ""  # which there are, of those that a page lists
    scene: str = ""  # empty: there is none
    newest_change_id: int = 0
    holds_back: bool = False  # whether any rule is held back here
    has_question: bool = (
        False  # whether the place's newest question to the predictor is not answered
    )
    # The official warnings there, as official_marks.py reads them; of the whole site their mark.
    official: str = ""
    sources: str = ""  # those that warn of the place's country; empty: there are none
    asks_sources: bool = False  # whether any source of official warnings is asked


class LineVersion(NamedTuple):
    mark: str
    official: str  # as Version has it


def read_home_version() -> Version:
    """Without any place there is nothing to see, and only the minute makes another page.

    It takes a look at every place, and is asked for by every reader: once a second is enough.
    """
    kept_s = min(1, settings.PAGES_SHARED_SECONDS)
    version = caches["parts"].get_or_set("home", _make_home_version, kept_s)
    assert isinstance(version, Version)  # noqa: S101 - of a function that gives one
    return version


def _make_home_version() -> Version:
    rows = _home.rows()
    marks = [rows[0][name] for name in OF_THE_OFFICIAL] if rows else [None]
    return _make_version(rows)._replace(official=_hash(marks) if marks[0] else "")


def read_place_version(pk: int) -> Version:
    """Raises Http404."""
    return find_version(_place, pk)


def read_line_versions(place_ids: Sequence[int]) -> dict[int, LineVersion]:
    """Of places as the home page lists them, by place id; at most PLACES_A_PAGE at once."""
    return {
        row["id"]: LineVersion(_hash(list(row.values())), row["v_official"] or "")
        for row in _lines.rows(place_ids)
    }


def read_alert_version(pk: int) -> Version:
    """Raises Http404."""
    return find_version(_alert, pk)


def find_version(query: PreparedQuery, pk: int) -> Version:
    """Of one row. Raises Http404."""
    return _make_version(_find(query, pk))


def _make_version(rows: Sequence[Row]) -> Version:
    row = rows[0] if rows else {}
    scene = row.get("v_scene")
    return Version(
        page=_hash(list(row.values())),
        rules=_hash([row.get(name) for name in OF_RULES]),
        places=_hash([row.get(name) for name in OF_THE_LIST]),
        scene=_hash([scene]) if scene else "",
        newest_change_id=row.get("v_change") or 0,
        holds_back=row.get("v_held") is not None,
        has_question=RequestState.ANSWERED not in (row.get("v_request") or RequestState.ANSWERED),
        official=str(row.get("v_official") or ""),
        sources=row.get("v_sources") or "",
        asks_sources=bool(row.get("v_asked")),
    )


def _build_home(_: Sequence[int]) -> QuerySet[Any, Any]:
    whole = Place.objects.order_by().annotate(one=Value(1)).values("one")
    return whole.annotate(**_of_all_places(), **_whole_site())


def _build_places(keys: Sequence[int]) -> QuerySet[Any, Any]:
    places = Place.objects.filter(pk__in=keys).order_by()
    return places.annotate(**_of_place(OuterRef("pk")), **_of_rules()).values()


def _build_place(keys: Sequence[int]) -> QuerySet[Any, Any]:
    places = _build_places(keys)
    known: QuerySet[Any, Any] = places.annotate(**_of_sources(OuterRef("country")))
    return known


def _build_alert(keys: Sequence[int]) -> QuerySet[Any, Any]:
    names = {f"place_{name}": F(f"place__{name}") for name in ("name", "time_zone", "source")}
    alert = Alert.objects.filter(pk__in=keys).order_by()
    return alert.annotate(**names, **_of_place(OuterRef("place")), **_of_rules()).values()


_home, _place, _alert = map(PreparedQuery, (_build_home, _build_place, _build_alert))
_lines = PreparedQuery(_build_places, most_keys=PLACES_A_PAGE)


def _hash(values: list[Any]) -> str:
    return blake2b(repr(values).encode(), digest_size=9).hexdigest()


def _find(query: PreparedQuery, pk: int) -> Sequence[Row]:
    rows = query.rows([pk]) if pk <= MOST_ID else []
    if not rows:
        raise Http404
    return rows


def _of_all_places() -> dict[str, Any]:
    """Plain sums and maxima where they tell a change: JSON of 10,000 rows takes 20 times as long."""
    return {
        "v_words": MD5(JoinedText(Concat("name", Value("/"), "time_zone", Value("/"), "source"))),
        "v_active": Sum("pk", filter=Q(is_active=True)),
        "v_count": Count("pk"),
        "v_fetched": Max("fetched_at"),
        "v_failed": Max("fetch_failed_at"),
        "v_failures": Sum("fetch_failures"),
    }


def _whole_site() -> dict[str, Max]:
    """Of each table only what an index finds at once."""
    marks = {
        "v_change": mark_rows(AlertChange.objects.all(), Max("pk")),
        "reading": mark_rows(Reading.objects.all(), Max("pk")),
        "forecast": mark_rows(SourceForecast.objects.all(), Max("pk")),
        "prediction": mark_rows(Prediction.objects.all(), Max("pk")),
        "asked": mark_rows(PredictionRequest.objects.all(), Max("created_at")),
        "v_official_change": mark_rows(OfficialChange.objects.all(), Max("pk")),
        "v_official_place": mark_rows(OfficialPlace.objects.all(), Max("pk")),
        "v_official": mark_rows(OfficialEvent.objects.filter(ended_at=None), Max("changed_at")),
        "confirmed": mark_rows(Alert.objects.filter(state__in=OPEN_STATES), Max("confirmed_at")),
        **_of_rules(),
    }
    return {name: Max(mark) for name, mark in marks.items()}


def _of_place(place: OuterRef) -> dict[str, Subquery]:
    of = {"place": place}
    readings = Reading.objects.filter(**of).order_by("-observed_at")
    forecasts = SourceForecast.objects.filter(**of).order_by("-hour_at")
    predictions = Prediction.objects.filter(**of).order_by("-window_end_at", "-pk")
    requests = PredictionRequest.objects.filter(**of).order_by("-created_at", "-pk")
    return {
        "v_change": mark_rows(AlertChange.objects.filter(alert__place=place), Max("pk")),
        "v_reading": _first(readings, "pk", "received_at"),
        "v_forecast": _first(forecasts, "pk", "received_at"),
        "v_prediction": _first(predictions, "pk", "answered_at"),
        "v_request": _first(requests, "pk", "state"),
        "v_confirmed": mark_rows(Alert.objects.filter(**of, ended_at=None), Max("confirmed_at")),
        "v_held": mark_rows(
            RuleState.objects.filter(**of), join_rows(("rule_id", "state", "gates"))
        ),
        "v_official": mark_rows(_events_at(place), JoinedText(_as_text(OF_AN_EVENT))),
        "v_tags": mark_rows(Place.tags.through.objects.filter(**of), join_rows(("tag_id",))),
    }


def _events_at(place: OuterRef) -> QuerySet[Any]:
    return OfficialPlace.objects.filter(place=place, event__ended_at=None)


def _of_sources(country: OuterRef) -> dict[str, Subquery]:
    """Of those that are asked. Country codes stand with blanks between: none is a part of another."""
    on = WarningSource.objects.filter(state=SourceState.ON)
    its = on.filter(Q(countries="") | Q(countries__contains=country))
    return {
        "v_sources": mark_rows(its, join_rows(OF_A_SOURCE)),
        "v_asked": mark_rows(on, Count("pk")),
    }


def _of_rules() -> dict[str, Subquery]:
    scene = ("name", "title", "playing_at", "anchor_scene_at", "anchor_real_at")
    chosen = Rule.places.through.objects.all()
    return {
        "v_rules": mark_rows(Rule.objects.all(), join_rows(OF_A_RULE)),
        "v_version": mark_rows(RuleVersion.objects.all(), Max("pk")),
        "v_rule_tags": mark_rows(Rule.tags.through.objects.all(), join_rows(("rule_id", "tag_id"))),
        "v_chosen_last": mark_rows(chosen, Max("pk")),
        "v_chosen_count": mark_rows(chosen, Count("pk")),
        "v_scene": _first(Scene.objects.order_by("pk"), *scene),
    }


def mark_rows(rows: QuerySet[Any], mark: Any) -> Subquery:
    """One row, without GROUP BY."""
    grouped = rows.order_by().annotate(one=Value(1)).values("one").annotate(mark=mark)
    return Subquery(grouped.values("mark")[:1])


def _first(rows: QuerySet[Any], *names: str) -> Subquery:
    return Subquery(rows.annotate(mark=_as_text(names)).values("mark")[:1])


def join_rows(names: tuple[str, ...]) -> MD5:
    return MD5(JoinedText(_as_text(names)))


def _as_text(names: tuple[str, ...]) -> Cast:
    return Cast(JSONArray(*names), TextField())  # flat: SQLite cannot parse many nested CONCATs
