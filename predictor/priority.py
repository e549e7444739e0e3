"""Whose turn it is: people's requests go first, but the schedule's always move on."""

from __future__ import annotations

from collections.abc import Iterable

from predictor import contract


class PeopleFirst:
    """Kombu asks this before each message in which order to look into the queues.

    After contract.PEOPLE_IN_A_ROW people's requests one of the schedule goes first, if any waits:
    a constant stream of people's leaves the schedule a quarter of the predictor. Kombu's own
    strategies are halves for each (round robin) or nothing for the schedule (priority, sorted).
    """

    def __init__(self, queues: Iterable[str] = ()) -> None:
        self.queues = list(queues)
        self.in_a_row = 0

    def update(self, queues: Iterable[str]) -> None:
        """The queues that are consumed now, in no order."""
        self.queues = list(queues)

    def consume(self, count: int) -> list[str]:
        """The first `count` queues to look into; Redis answers from the first that holds any."""
        first = contract.PEOPLE_QUEUE
        if self.in_a_row >= contract.PEOPLE_IN_A_ROW:
            first = contract.SCHEDULE_QUEUE
        return sorted(self.queues, key=lambda queue: (queue != first, queue))[:count]

    def rotate(self, last_used: str) -> str:
        """A message came from `last_used`."""
        was_turn_of_schedule = self.in_a_row >= contract.PEOPLE_IN_A_ROW
        is_people = last_used == contract.PEOPLE_QUEUE
        self.in_a_row = self.in_a_row + 1 if is_people and not was_turn_of_schedule else 0
        return last_used
