"""What the worker does next: answers first, then what comes in, and what leaves always moves on."""

from __future__ import annotations

from collections.abc import Iterable

OUTGOING = "outgoing"
# Answers before further fetches: the first are stored long before all places are fetched, and what is
# under way at the predictor stays small. They cannot shut out the fetches that they come from.
FIRST = ("answers.people", "answers")
WORKER_QUEUES = (*FIRST, "default", OUTGOING)
# A run of mails may take as long as a hundred other tasks, so neither can shut the other out.
OTHERS_IN_A_ROW = 100


class AnswersFirst:
    """Kombu asks this before each message in which order to look into the queues.

    `outgoing` is looked into when the others are empty, and first after OTHERS_IN_A_ROW messages of
    theirs: by turns alone (kombu's round robin), each fetch of a busy hour would wait for ten
    seconds of mails.
    """

    def __init__(self, queues: Iterable[str] = ()) -> None:
        self.queues = list(queues)
        self.in_a_row = 0

    def update(self, queues: Iterable[str]) -> None:
        """The queues that are consumed now, in no order."""
        self.queues = list(queues)

    def consume(self, count: int) -> list[str]:
        """The first `count` queues to look into; Redis answers from the first that holds any."""
        return sorted(self.queues, key=self._rank)[:count]

    def rotate(self, last_used: str) -> str:
        """A message came from `last_used`."""
        is_other = last_used != OUTGOING and self.in_a_row < OTHERS_IN_A_ROW
        self.in_a_row = self.in_a_row + 1 if is_other else 0
        return last_used

    def _rank(self, queue: str) -> tuple[int, str]:
        if queue == OUTGOING:
            return (-1 if self.in_a_row >= OTHERS_IN_A_ROW else len(FIRST) + 1, queue)
        return (FIRST.index(queue) if queue in FIRST else len(FIRST), queue)
