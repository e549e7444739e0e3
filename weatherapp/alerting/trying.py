"""A rule is tried on the past: asked for, worked off in turns place by place, cancelled, forgotten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from weatherapp.alerting import tried
from weatherapp.alerting.engine import wire
from weatherapp.alerting.engine.backtest import BacktestStoppedError, backtest
from weatherapp.alerting.engine.neighbours import find_neighbour
from weatherapp.alerting.engine.rule import Rule
from weatherapp.alerting.past import (
    ReadArchive,
    find_known,
    find_unasked,
    read_answers,
    read_history,
)
from weatherapp.domain.conditions import Basis
from weatherapp.domain.spans import Span
from weatherapp.models import (
    Backtest,
    BacktestError,
    BacktestQuestion,
    BacktestState,
    BacktestStretch,
    Place,
)
from weatherapp.models import Rule as RuleRow
from weatherapp.models.backtest import PATIENCE

# A year of a place takes about a second: the largest try is some minutes of a worker's time.
MOST_PLACES = 100
MOST_HOURS = 300_000  # of all places together: 100 days of MOST_PLACES, or 34 years of one
MOST_QUESTIONS = 2_200  # three months of one place: a minute of the predictor's time
MOST_UNFINISHED = 10  # tries of the whole site
TURN = timedelta(seconds=10)  # then the queue's other work goes first
PACE = timedelta(seconds=1)  # between two words about the progress
MOST_ATTEMPTS = 3
KEPT = timedelta(days=30)

Clock = Callable[[], datetime]


class CannotTryError(ValueError):
    """Nothing was stored; `code` says why, `limit` how much may be asked for."""

    def __init__(self, code: str, limit: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be tried; times None: as far as there is anything. `rule`: its row, if it has one."""

    name: str
    says: Rule
    places: Sequence[Place]
    after_at: datetime | None = None
    until_at: datetime | None = None
    rule: RuleRow | None = None
    asks_model: bool = False  # about hours that it was never asked about


def plan(wish: Wish, archive: ReadArchive) -> dict[int, Span]:
    """The hours of each place that would be played. Raises CannotTryError."""
    if len(wish.places) > MOST_PLACES:
        raise CannotTryError("TOO_MANY_PLACES", MOST_PLACES)
    known = find_known(wish.places, archive)
    spans = {
        place.pk: Span(
            max(wish.after_at or span.starts_at, span.starts_at),
            min(wish.until_at or span.ends_at, span.ends_at),
        )
        for place in wish.places  # in this order, whatever the database's is
        if (span := known.get(place.pk))
        and (wish.after_at or span.starts_at) < span.ends_at
        and (wish.until_at or span.ends_at) > span.starts_at
    }
    if not spans:
        raise CannotTryError("NOTHING_STORED")
    if count_hours(spans) > MOST_HOURS:
        raise CannotTryError("TOO_MANY_HOURS", MOST_HOURS)
    return spans


def list_questions(wish: Wish, spans: dict[int, Span]) -> dict[int, list[datetime]]:
    """By place id, the ends of the windows that the model would be asked about.

    Raises CannotTryError.
    """
    if not wish.asks_model or Basis.PROBABILITY not in wish.says.bases:
        return {}
    places = [place for place in wish.places if place.pk in spans]
    found = {place.pk: find_unasked(place, spans[place.pk]) for place in places}
    if sum(map(len, found.values())) > MOST_QUESTIONS:
        raise CannotTryError("TOO_MANY_QUESTIONS", MOST_QUESTIONS)
    return found


def count_questions(wish: Wish, archive: ReadArchive) -> int:
    """How often the model would be asked. Raises CannotTryError."""
    return sum(map(len, list_questions(wish, plan(wish, archive)).values()))


def count_hours(spans: dict[int, Span]) -> int:
    return sum((span.ends_at - span.starts_at) // timedelta(hours=1) for span in spans.values())


@transaction.atomic
def ask(wish: Wish, archive: ReadArchive, *, asked_by_id: int | None, now: datetime) -> Backtest:
    """The row, waiting for a worker. Raises CannotTryError."""
    if Backtest.objects.unfinished().count() >= MOST_UNFINISHED:
        raise CannotTryError("TOO_MANY_UNFINISHED", MOST_UNFINISHED)
    spans = plan(wish, archive)
    questions = list_questions(wish, spans)
    row = Backtest.objects.create(
        name=wish.name,
        rule=wish.rule,
        variants={str(steps): wire.to_json(rule) for steps, rule in _vary(wish.says).items()},
        asked_by_id=asked_by_id,
        hours_total=count_hours(spans),
        created_at=now,
        take_up_at=now + PATIENCE,
    )
    stretches = BacktestStretch.objects.bulk_create(
        BacktestStretch(
            backtest=row, place_id=place_id, after_at=span.starts_at, until_at=span.ends_at
        )
        for place_id, span in spans.items()
    )
    BacktestQuestion.objects.bulk_create(
        BacktestQuestion(stretch=stretch, window_end_at=at)
        for stretch in stretches
        for at in questions.get(stretch.place_id, ())
    )
    return row


def work(backtest_id: int, *, clock: Clock, archive: ReadArchive) -> bool:
    """Work on it for a turn; whether more is to be done. Sends nothing, changes no alert.

    Safe to call twice: one caller has it at a time, and a place that is done is not done again.
    """
    row = Backtest.objects.claim(backtest_id, now=clock())
    if row is None:
        return False
    if row.attempts > MOST_ATTEMPTS:
        row.finish(BacktestState.FAILED, now=clock(), error=BacktestError.KILLED)
        return False
    try:
        return _work(row, clock, archive)
    except Exception as error:
        row.finish(
            BacktestState.FAILED,
            now=clock(),
            error=BacktestError.BROKEN,
            error_message=repr(error)[:500],
        )
        raise


def find_overdue(*, now: datetime) -> list[int]:
    """Tries whose message was lost, or whose worker."""
    return list(Backtest.objects.overdue(now).order_by("pk").values_list("pk", flat=True))


def forget_old(*, now: datetime) -> int:
    """Tries that are over for KEPT; how many rows went."""
    return Backtest.objects.filter(finished_at__lt=now - KEPT).delete()[0]


def read_variants(row: Backtest) -> dict[int, Rule]:
    """By steps, the easiest first. Raises ValueError, KeyError or TypeError where one is no rule."""
    stored = {int(steps): definition for steps, definition in row.variants.items()}
    return {steps: wire.from_json(stored[steps]) for steps in sorted(stored)}


def _vary(says: Rule) -> dict[int, Rule]:
    found = {steps: find_neighbour(says, steps) for steps in (-1, 1)} | {0: says}
    return {steps: rule for steps, rule in found.items() if rule is not None}


def _work(row: Backtest, clock: Clock, archive: ReadArchive) -> bool:
    try:
        variants = read_variants(row)
    except (KeyError, TypeError, ValueError):
        row.finish(BacktestState.FAILED, now=clock(), error=BacktestError.UNREADABLE)
        return False
    began_at, progress = clock(), _Progress(row, _count_done(row), clock)
    for stretch in row.stretches.filter(finished_at=None).select_related("place"):
        if clock() - began_at >= TURN:
            return row.give_back(now=clock()) or _stop(row, clock)
        try:
            result = _try_at(stretch, variants, archive, progress)
        except BacktestStoppedError:
            return _stop(row, clock)
        if not row.store(stretch, result, now=clock()):
            return False
        progress.done_before += stretch.hours
    row.finish(BacktestState.DONE, now=clock(), hours_done=row.hours_total)
    return False


def _count_done(row: Backtest) -> int:
    done = row.stretches.exclude(finished_at=None).defer("result")
    return sum(stretch.hours for stretch in done)


def _try_at(
    stretch: BacktestStretch,
    variants: dict[int, Rule],
    archive: ReadArchive,
    progress: _Progress,
) -> dict[str, object]:
    rules = list(variants.values())
    span = Span(stretch.after_at, stretch.until_at)
    history = read_history(stretch.place, rules, span, archive, read_answers(stretch))
    return tried.write_result(list(variants), backtest(rules, history, go_on=progress.tell))


def _stop(row: Backtest, clock: Clock) -> bool:
    """Cancelled; or the claim was lost, and then this changes nothing."""
    row.finish(BacktestState.CANCELLED, now=clock())
    return False


class _Progress:
    """Written at most once a PACE, which is also how soon a cancel is heard of."""

    def __init__(self, row: Backtest, done_before: int, clock: Clock) -> None:
        self._row = row
        self.done_before = done_before
        self._clock = clock
        self._told_at: datetime | None = None

    def tell(self, done: int) -> bool:
        now = self._clock()
        if self._told_at is not None and timedelta() <= now - self._told_at < PACE:
            return True
        self._told_at = now
        return self._row.go_on(self.done_before + done, now=now)
