"""Reads the marks of a map: neither their number nor that of the queries grows with the places'."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import (
    Avg,
    Case,
    Count,
    F,
    FloatField,
    IntegerField,
    Max,
    Min,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Floor

from weatherapp.models import Alert, Place
from weatherapp.pages.map_view import WIDEST, View, fit_view
from weatherapp.pages.place_list import rank_alerts
from weatherapp.pages.place_standing import CALM_RANK, silent_places
from weatherapp.pages.replay import Clocks
from weatherapp.pages.world_map import Mark, WorldMap

# At 320 px the picture is 288 px wide: two marks are 24 px apart, which a finger can tell apart.
COLUMNS, ROWS = 12, 8
PLACES_A_PAGE = 20


def read_map(clocks: Clocks, *, view: View | None = None) -> WorldMap | None:
    """Four queries at most; None where there is no place."""
    shown = view or _fit()
    if shown is None:
        return None
    return WorldMap(shown, _read_marks(clocks, shown), is_fitted=view is None)


def list_in_view(
    clocks: Clocks, view: View, *, page: str | None, page_size: int = PLACES_A_PAGE
) -> Page[Place]:
    """The places that the map shows, those with the worst alerts first."""
    alerts = Alert.objects.open().filter(_is_within(view, "place__"), place__is_active=True)
    worst = (
        alerts.order_by()
        .values("place")
        .annotate(rank=Min(rank_alerts(clocks)))
        .order_by("rank", "place__name", "place")
    )
    calm = Place.objects.active().filter(_is_within(view)).exclude(pk__in=alerts.values("place"))
    ids = [
        *worst.values_list("place", flat=True),
        *calm.order_by("name", "pk").values_list("pk", flat=True),
    ]
    found: Page[Any] = Paginator(ids, page_size).get_page(page)
    rows = Place.objects.in_bulk(found.object_list)
    found.object_list = [rows[pk] for pk in found.object_list if pk in rows]
    return found


def _fit() -> View | None:
    """By degrees: however many places there are, at most 361 rows."""
    rows = (
        Place.objects.active()
        .order_by()
        .annotate(degree=Floor("longitude"))
        .values("degree")
        .annotate(
            south=Min("latitude"),
            north=Max("latitude"),
            west=Min("longitude"),
            east=Max("longitude"),
        )
    )
    extents = list(rows.values_list("south", "north", "west", "east"))
    if not extents:
        return None
    souths, norths, wests, easts = zip(*extents, strict=True)
    return fit_view(south=min(souths), north=max(norths), longitudes=[*wests, *easts])


def _read_marks(clocks: Clocks, view: View) -> tuple[Mark, ...]:
    alerted = _read_alerted(clocks, view)
    marks = [
        Mark(
            x=view.find_x(row["longitude"]) * 100,
            y=view.find_y(row["latitude"]) * 100,
            count=row["count"],
            silent=row["silent"],
            rank=alerted.get((row["column"], row["row"]), (CALM_RANK, 0))[0],
            alerted=alerted.get((row["column"], row["row"]), (CALM_RANK, 0))[1],
            place_id=row["first"],
            latitude=row["latitude"],
            longitude=row["longitude"],
        )
        for row in _group(Place.objects.active(), view).annotate(
            count=Count("pk"),
            silent=Count("pk", filter=silent_places(clocks)),
            latitude=Avg("latitude"),
            longitude=Avg(_turned(view)),
            first=Min("pk"),
        )
    ]
    return _name(merge_marks(marks))


def _read_alerted(clocks: Clocks, view: View) -> dict[tuple[int, int], tuple[int, int]]:
    """Cell -> the worst rank, and how many of its places have open alerts."""
    alerts = Alert.objects.open().filter(place__is_active=True)
    rows = _group(alerts, view, "place__").annotate(
        rank=Min(rank_alerts(clocks)), places=Count("place", distinct=True)
    )
    return {(row["column"], row["row"]): (row["rank"], row["places"]) for row in rows}


def merge_marks(marks: Iterable[Mark]) -> list[Mark]:
    """None of those that stay is nearer to another than a cell is wide or high; the largest stay."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda one: (-one.count, one.rank, one.place_id)):
        near = next((n for n, other in enumerate(kept) if _are_close(mark, other)), None)
        if near is None:
            kept.append(mark)
        else:
            kept[near] = _join(kept[near], mark)
    return sorted(kept, key=lambda one: (-one.rank, one.y, one.x))  # the worst on top


def _are_close(one: Mark, other: Mark) -> bool:
    return abs(one.x - other.x) < 100 / COLUMNS and abs(one.y - other.y) < 100 / ROWS


def _join(one: Mark, other: Mark) -> Mark:
    return replace(
        one,
        count=one.count + other.count,
        silent=one.silent + other.silent,
        rank=min(one.rank, other.rank),
        alerted=one.alerted + other.alerted,
    )


def _name(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    places = Place.objects.in_bulk([mark.place_id for mark in marks if mark.count == 1])
    return tuple(
        replace(mark, place=places.get(mark.place_id)) if mark.count == 1 else mark
        for mark in marks
    )


def _turned(view: View, prefix: str = "") -> Case:
    """The longitude as it goes on to the east of the view's west."""
    name = f"{prefix}longitude"
    further = When(Q((f"{name}__lt", view.west)), then=F(name) + Value(WIDEST))
    return Case(further, default=F(name), output_field=FloatField())


def _is_within(view: View, prefix: str = "") -> Q:
    name = f"{prefix}longitude"
    across = Q((f"{name}__range", (view.west, view.east)))
    across |= Q((f"{name}__lte", view.east - WIDEST))
    return across & Q((f"{prefix}latitude__range", (view.south, view.north)))


def _group(rows: QuerySet[Any], view: View, prefix: str = "") -> Any:
    """By cells of the picture: a query set of their columns and rows."""
    across = (_turned(view, prefix) - Value(view.west)) * Value(COLUMNS / view.width)
    down = (Value(view.north) - F(f"{prefix}latitude")) * Value(ROWS / view.height)
    cells = {"column": _whole(across), "row": _whole(down)}
    found = rows.filter(_is_within(view, prefix)).order_by()
    return found.annotate(**cells).values("column", "row")


def _whole(number: Any) -> Cast:
    return Cast(Floor(number, output_field=FloatField()), IntegerField())
