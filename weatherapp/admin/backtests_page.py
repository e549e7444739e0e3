"""What the page of a try shows: how far it is, the rule beside its neighbours, one place in detail."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.fields.json import KeyTransform

from weatherapp.admin.backtests_timeline import Timeline, draw
from weatherapp.alerting.engine.rule import Rule
from weatherapp.alerting.tried import PlaceResult, Score, add_up, read_result, read_scores
from weatherapp.alerting.trying import read_variants
from weatherapp.domain.spans import Span
from weatherapp.models import Backtest, BacktestQuestion, BacktestStretch, Place


@dataclass(frozen=True, slots=True)
class Column:
    """One variant of the rule; `steps` below 0: easier to reach than as it was tried."""

    steps: int
    says: Rule
    score: Score


@dataclass(frozen=True, slots=True)
class PlaceRow:
    place: Place
    span: Span
    score: Score | None  # None: not done


@dataclass(frozen=True, slots=True)
class PlaceDetails:
    place: Place
    result: PlaceResult
    timeline: Timeline
    score: Score


@dataclass(frozen=True, slots=True)
class BacktestPage:
    row: Backtest
    says: Rule | None  # None: it cannot be read
    columns: tuple[Column, ...]
    places: tuple[PlaceRow, ...]
    details: PlaceDetails | None
    questions: int = 0  # to the model
    answered: int = 0
    unknown: int = 0  # answered without an answer

    @property
    def done(self) -> int:
        """Places."""
        return sum(row.score is not None for row in self.places)


def read_page(row: Backtest, place_id: int | None) -> BacktestPage:
    """`place_id`: whose timeline is wanted; without one that of the first place."""
    try:
        variants = read_variants(row)
    except (KeyError, TypeError, ValueError):
        return BacktestPage(row, None, (), (), None)
    stretches = list(
        row.stretches.defer("result")
        .annotate(scores=KeyTransform("scores", "result"))
        .select_related("place")
    )
    scores = {one.pk: read_scores(one.scores) for one in stretches if one.scores}
    total = add_up(list(scores.values()))
    return BacktestPage(
        row=row,
        says=variants[0],
        columns=tuple(Column(steps, says, total[steps]) for steps, says in variants.items())
        if total
        else (),
        places=tuple(_read_place(one, scores.get(one.pk)) for one in stretches),
        details=_read_details([one for one in stretches if one.pk in scores], place_id),
        **_count_questions(row),
    )


def _count_questions(row: Backtest) -> dict[str, int]:
    return BacktestQuestion.objects.of(row.pk).aggregate(
        questions=Count("pk"),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        unknown=Count("pk", filter=~Q(error="")),
    )


def _read_place(stretch: BacktestStretch, scores: dict[int, Score] | None) -> PlaceRow:
    span = Span(stretch.after_at, stretch.until_at)
    return PlaceRow(stretch.place, span, scores[0] if scores else None)


def _read_details(done: list[BacktestStretch], place_id: int | None) -> PlaceDetails | None:
    chosen = [one for one in done if one.place_id == place_id] or done
    if not chosen or chosen[0].result is None:  # the one that is read wholly
        return None
    stretch, result = chosen[0], read_result(chosen[0].result)
    span = Span(stretch.after_at, stretch.until_at)
    return PlaceDetails(
        place=stretch.place,
        result=result,
        timeline=draw(span, result.alerts, result.events, stretch.place.zone),
        score=result.scores[0],
    )
