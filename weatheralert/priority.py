"""Whose turn it is in the worker: what comes in goes first, but what leaves always moves on."""

from __future__ import annotations

from collections.abc import Iterable

OUTGOING = "outgoing"
# A run of mails may take as long as a hundred other tasks, so neither can shut the other out.
OTHERS_IN_A_ROW = 100


class OutgoingLast:
    """Kombu asks this before each message in which order to look into the queues.

    The others take turns. `outgoing` is looked into when they are empty, and first after
    OTHERS_IN_A_ROW messages of theirs: by turns alone (kombu's round robin), each fetch of a busy
    hour would wait for ten seconds of mails.
    """

    def __init__(self, queues: Iterable[str] = ()) -> None:
        self.queues = list(queues)
        self.in_a_row = 0

    def update(self, queues: Iterable[str]) -> None:
        """The queues that are consumed now, in no order."""
        self.queues = sorted(queues)

    def consume(self, count: int) -> list[str]:
        """The first `count` queues to look into; Redis answers from the first that holds any."""
        is_turn = self.in_a_row >= OTHERS_IN_A_ROW
        return sorted(self.queues, key=lambda queue: (queue == OUTGOING) is not is_turn)[:count]

    def rotate(self, last_used: str) -> str:
        """A message came from `last_used`."""
        is_other = last_used != OUTGOING and self.in_a_row < OTHERS_IN_A_ROW
        self.in_a_row = self.in_a_row + 1 if is_other else 0
        if last_used in self.queues:
            self.queues.remove(last_used)
            self.queues.append(last_used)
        return last_used
