"""The queue as the rows tell it: how many wait, who is before whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from predictor import contract
from weatherapp.forecasting.asking.dispatch import WINDOWS_A_MESSAGE
from weatherapp.models import PredictionRequest, RequestPriority, RequestState


@dataclass(frozen=True, slots=True)
class Waiting:
    """Requests without an answer, those in a predictor's hands included."""

    people: int
    schedule: int
    oldest_at: datetime | None

    @property
    def total(self) -> int:
        return self.people + self.schedule


def count_waiting() -> Waiting:
    of = {
        name: Count("pk", filter=Q(priority=priority))
        for name, priority in (
            ("people", RequestPriority.PEOPLE),
            ("schedule", RequestPriority.SCHEDULE),
        )
    }
    return Waiting(**_waiting().aggregate(**of, oldest_at=Min("created_at")))


def find_position(request: PredictionRequest) -> int:
    """1: the next answer, or nearly: at most one more of the schedule may slip in before it."""
    same = _waiting().filter(priority=request.priority, created_at__lte=request.created_at)
    other = _waiting().exclude(priority=request.priority)
    return (
        count_ahead(
            same.exclude(pk=request.pk).count(),
            other.count(),
            is_people=request.priority == RequestPriority.PEOPLE,
        )
        + 1
    )


def count_ahead(same: int, other: int, *, is_people: bool) -> int:
    """Answers before one's own, by the turns that predictor/priority.py takes with messages.

    `same`: those ahead in the own queue; `other`: all in the other one.
    """
    in_a_row, together = contract.PEOPLE_IN_A_ROW, WINDOWS_A_MESSAGE[RequestPriority.SCHEDULE]
    if is_people:
        return same + min(other, same // in_a_row * together)
    return same + min(other, (same // together + 1) * in_a_row)


def _waiting() -> QuerySet[PredictionRequest]:
    return PredictionRequest.objects.filter(state=RequestState.WAITING)
