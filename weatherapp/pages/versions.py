"""Cheap marks of what a page is made of: another mark, another page. One query each.

What a mark does not see is on the page a minute later: the minute is part of every ETag.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from django.db.models import (
    Aggregate,
    F,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import MD5, Cast, JSONArray
from django.http import Http404

from weatherapp.models import (
    Alert,
    AlertChange,
    Place,
    Prediction,
    PredictionRequest,
    Reading,
    Rule,
    RuleStanding,
    RuleVersion,
    Scene,
    SourceForecast,
)
from weatherapp.models.alert import OPEN_STATES
from weatherapp.pages.prepared import PreparedQuery

# What the home page shows of a place, or goes by in showing it.
OF_A_PLACE = (
    "pk", "name", "is_active", "time_zone", "source", "fetched_at", "fetch_failed_at", "fetch_failures",
)  # fmt: skip
OF_A_RULE = ("pk", "name", "is_active", "scope", "order")


class JoinedText(Aggregate):
    """All values in one text, in no order: another order is another mark, which is only not shared."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "STRING_AGG(%(expressions)s, ',')"
        return self.as_sql(compiler, connection, template=template, **more)


def read_home_version() -> str:
    """Without any place there is nothing to see, and only the minute makes another page."""
    return _hash(_home.first())


def read_place_version(pk: int) -> str:
    """Raises Http404."""
    return _hash(_find(_place, pk))


def read_alert_version(pk: int) -> str:
    """Raises Http404."""
    return _hash(_find(_alert, pk))


def _build_home(_: int) -> QuerySet[Any, Any]:
    whole = Place.objects.order_by().annotate(one=Value(1)).values("one")
    return whole.annotate(places=_join(OF_A_PLACE), **_whole_site())


def _build_place(pk: int) -> QuerySet[Any, Any]:
    place = Place.objects.filter(pk=pk).order_by()
    return place.annotate(**_of_place(OuterRef("pk")), **_of_rules()).values()


def _build_alert(pk: int) -> QuerySet[Any, Any]:
    names = {f"place_{name}": F(f"place__{name}") for name in ("name", "time_zone", "source")}
    alert = Alert.objects.filter(pk=pk).order_by()
    return alert.annotate(**names, **_of_place(OuterRef("place")), **_of_rules()).values()


_home, _place, _alert = map(PreparedQuery, (_build_home, _build_place, _build_alert))


def _hash(row: tuple[Any, ...] | None) -> str:
    return blake2b(repr(row).encode(), digest_size=9).hexdigest()


def _find(query: PreparedQuery, pk: int) -> tuple[Any, ...]:
    row = query.first(pk)
    if row is None:
        raise Http404
    return row


def _whole_site() -> dict[str, Max]:
    """Of each table only what an index finds at once."""
    marks = {
        "change": _only(AlertChange.objects.all(), Max("pk")),
        "reading": _only(Reading.objects.all(), Max("pk")),
        "forecast": _only(SourceForecast.objects.all(), Max("pk")),
        "prediction": _only(Prediction.objects.all(), Max("pk")),
        "asked": _only(PredictionRequest.objects.all(), Max("created_at")),
        "confirmed": _only(Alert.objects.filter(state__in=OPEN_STATES), Max("confirmed_at")),
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
        "v_change": _only(AlertChange.objects.filter(alert__place=place), Max("pk")),
        "v_reading": _first(readings, "pk", "received_at"),
        "v_forecast": _first(forecasts, "pk", "received_at"),
        "v_prediction": _first(predictions, "pk", "answered_at"),
        "v_request": _first(requests, "pk", "state"),
        "v_confirmed": _only(Alert.objects.filter(**of, ended_at=None), Max("confirmed_at")),
        "v_held": _only(RuleStanding.objects.filter(**of), _join(("rule_id", "state", "gates"))),
        "v_tags": _only(Place.tags.through.objects.filter(**of), _join(("tag_id",))),
        "v_chosen": _only(Rule.places.through.objects.filter(**of), _join(("rule_id",))),
    }


def _of_rules() -> dict[str, Subquery]:
    scene = ("name", "title", "playing_at", "anchor_scene_at", "anchor_real_at")
    return {
        "v_rules": _only(Rule.objects.all(), _join(OF_A_RULE)),
        "v_version": _only(RuleVersion.objects.all(), Max("pk")),
        "v_rule_tags": _only(Rule.tags.through.objects.all(), _join(("rule_id", "tag_id"))),
        "v_scene": _first(Scene.objects.order_by("pk"), *scene),
    }


def _only(rows: QuerySet[Any], mark: Any) -> Subquery:
    """One row, without GROUP BY."""
    grouped = rows.order_by().annotate(one=Value(1)).values("one").annotate(mark=mark)
    return Subquery(grouped.values("mark")[:1])


def _first(rows: QuerySet[Any], *names: str) -> Subquery:
    return Subquery(rows.annotate(mark=_as_text(names)).values("mark")[:1])


def _join(names: tuple[str, ...]) -> MD5:
    return MD5(JoinedText(_as_text(names)))


def _as_text(names: tuple[str, ...]) -> Cast:
    return Cast(JSONArray(*names), TextField())  # flat: SQLite cannot parse many nested CONCATs
