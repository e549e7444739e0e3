"""Places with the newest rows that they have, all in one query."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, FilteredRelation, Model, OuterRef, Q, QuerySet, Subquery

from weatherapp.models import Place, Prediction, PredictionRequest, Reading, SourceForecast
from weatherapp.pages.replay import Clocks
from weatherapp.pages.survey import clock_at

# Name here -> what of a place it is the newest of.
RELATIONS = {
    "newest_reading": "readings",
    "newest_prediction": "predictions",
    "newest_request": "prediction_requests",
    "newest_run": "source_forecasts",
}
HEAVY = ("newest_request__window",)


@dataclass(frozen=True, slots=True)
class PlaceNow:
    """A place and the newest of each, fresh or not; none from hours that are still to come."""

    place: Place
    reading: Reading | None
    prediction: Prediction | None
    request: PredictionRequest | None  # without the window that was sent
    run: SourceForecast | None


def read_places_now(place_ids: Collection[int], clocks: Clocks) -> dict[int, PlaceNow]:
    """By place id; those that are gone are left out."""
    if not place_ids:
        return {}
    rows: QuerySet[Any, Any] = (
        Place.objects.filter(pk__in=place_ids)
        .alias(clock_at=clock_at(clocks))
        .alias(**{f"{name}_id": Subquery(rows) for name, rows in _newest().items()})
        .alias(**{name: _join(name, relation) for name, relation in RELATIONS.items()})
        .select_related(*RELATIONS)
        .defer(*HEAVY)
        .order_by()
    )
    return {place.pk: _unpack(place) for place in rows}


def _newest() -> Mapping[str, QuerySet[Any, Any]]:
    """Of the place of an outer query, the id of the newest row of each relation."""
    by_now = OuterRef("clock_at")
    return {
        "newest_reading": _first(Reading, "-observed_at", observed_at__lte=by_now),
        "newest_prediction": _first(Prediction, "-window_end_at", "-pk", window_end_at__lte=by_now),
        "newest_request": _first(PredictionRequest, "-created_at", "-pk"),
        "newest_run": _first(SourceForecast, "-hour_at", "-pk", hour_at__lte=by_now),
    }


def _first(model: type[Model], *order: str, **filters: Any) -> QuerySet[Any, Any]:
    rows = model._default_manager.filter(place=OuterRef("pk"), **filters)
    return rows.order_by(*order).values("pk")[:1]


def _join(name: str, relation: str) -> FilteredRelation:
    return FilteredRelation(relation, condition=Q((f"{relation}__pk", F(f"{name}_id"))))


def _unpack(place: Place) -> PlaceNow:
    # A relation without a row is no attribute.
    return PlaceNow(place, *(getattr(place, name, None) for name in RELATIONS))
