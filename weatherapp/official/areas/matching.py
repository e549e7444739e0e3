"""Which places the areas of warnings concern, by comparing codes."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

from weatherapp.models import PlaceCode
from weatherapp.official.areas.schemes import SAME_FOR_UGC, Scheme

ASKED_TOGETHER = 500  # codes a query

Code = tuple[str, str]  # scheme and value, as read_code gives them
Key = TypeVar("Key", bound=Hashable)


def match(
    areas: Mapping[Key, Collection[Code]], *, place_ids: Collection[int] | None = None
) -> Iterator[tuple[Key, set[int]]]:
    """By warning, or what else the keys stand for, the ids of the places that are in its areas.

    In the order of `areas`; of `place_ids` alone where they are given. A few queries however many
    warnings there are, and one set of places at a time.
    """
    finest = {key: _leave_out_coarse(codes) for key, codes in areas.items()}
    places = _read_places({code for codes in finest.values() for code in codes}, place_ids)
    for key, codes in finest.items():
        yield key, set().union(*(places[code] for code in codes if code in places))


def _leave_out_coarse(codes: Collection[Code]) -> Collection[Code]:
    """Of areas that are named twice the finer: beside UGC's, SAME is the whole counties around them."""
    if not any(scheme == Scheme.UGC for scheme, _ in codes):
        return codes
    return [(SAME_FOR_UGC if scheme == Scheme.SAME else scheme, value) for scheme, value in codes]


def _read_places(
    codes: Collection[Code], place_ids: Collection[int] | None
) -> dict[Code, array[int]]:
    values: dict[str, list[str]] = {}
    for scheme, value in sorted(codes):
        values.setdefault(scheme, []).append(value)
    places: dict[Code, array[int]] = {}
    for scheme in values:
        for value, place_id in _read_rows(scheme, values[scheme], place_ids):
            places.setdefault((scheme, value), array("q")).append(place_id)
    return places


def _read_rows(
    scheme: str, values: Sequence[str], place_ids: Collection[int] | None
) -> Iterator[tuple[str, int]]:
    for start in range(0, len(values), ASKED_TOGETHER):
        rows = PlaceCode.objects.filter(
            scheme=scheme, value__in=values[start : start + ASKED_TOGETHER]
        )
        if place_ids is not None:
            rows = rows.filter(place__in=place_ids)
        yield from rows.order_by().values_list("value", "place_id").iterator()
