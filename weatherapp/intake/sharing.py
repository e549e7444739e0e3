"""Places that get the same weather are asked for once: what one of them gets, all get."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from weatherapp.intake.source import Outcome, PlaceWeather, PointRequest, SourceUnavailableError

Ask = Callable[[Sequence[PointRequest]], Mapping[int, Outcome]]


def ask_shared(ask: Ask, points: Sequence[PointRequest], *, turn: int) -> dict[int, Outcome]:
    """By place id. Those of a cell take turns, so that each finds out whether it still is of it.

    Where the one that was asked for is not, or gets an error of its own, the others are asked for.
    """
    groups = [_rotate(group, turn) for group in _group_by_cell(points)]
    outcomes = dict(ask([group[0] for group in groups]))
    alone: list[PointRequest] = []
    for first, *others in groups:
        said = outcomes[first.place_id]
        if _holds_for_all(said, first.cell):
            outcomes |= {point.place_id: said for point in others}
        else:
            alone += others
    return outcomes | (dict(ask(alone)) if alone else {})


def _group_by_cell(points: Sequence[PointRequest]) -> list[list[PointRequest]]:
    """In the order of the points; who has no cell is a group alone."""
    groups: dict[object, list[PointRequest]] = {}
    for point in points:
        groups.setdefault(point.cell or point.place_id, []).append(point)
    return list(groups.values())


def _rotate(group: list[PointRequest], turn: int) -> list[PointRequest]:
    start = turn % len(group)
    return group[start:] + group[:start]


def _holds_for_all(said: Outcome, cell: str) -> bool:
    """The source's own failures do; an error about one place does not."""
    if isinstance(said, PlaceWeather):
        return said.cell == cell
    return isinstance(said, SourceUnavailableError)
