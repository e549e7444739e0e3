"""What a disturbed run holds against an undisturbed one: lost, doubled, unexpected. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Key = tuple[object, ...]
MERGED = ("OVERTAKEN", "UNHEARD")  # the alert was worse, or over, before it could be told
WARNINGS = ("RAISED", "ESCALATED")  # the other reasons of a mail are ends


@dataclass(frozen=True)
class Count:
    """Of one kind of thing."""

    kind: str
    expected: int
    got: int
    lost: int
    doubled: int
    unexpected: int
    examples: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.doubled or self.unexpected)


@dataclass(frozen=True)
class Owed:
    """A row of the outbox; `alert` is the same in both runs."""

    id: int
    recipient: str
    alert: Key
    reason: str  # of the change that it tells
    state: str
    changed_at: str = ""
    drop_reason: str = ""
    maybe_sent: bool = False

    @property
    def key(self) -> Key:
        return (self.recipient, *self.alert, self.reason, self.changed_at)

    @property
    def is_end(self) -> bool:
        return self.reason not in WARNINGS


@dataclass
class Mailbox:
    """How the outbox's rows and what arrived go together."""

    told: int = 0  # rows whose mail arrived
    merged: int = 0
    again: int = 0  # a second copy that the lost answer of a mail server explains
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)

    def count(self) -> Count:
        expected, got = self.told + len(self.lost), self.told
        return Count(
            "mails", expected, got, len(self.lost), len(self.doubled), len(self.unexpected)
        )


def compare(kind: str, expected: Iterable[Key], got: Iterable[Key]) -> Count:
    """`expected` is what the undisturbed run holds."""
    want, have = Counter(expected), Counter(got)
    lost, unexpected = want.keys() - have.keys(), have.keys() - want.keys()
    return Count(
        kind,
        expected=want.total(),
        got=have.total(),
        lost=len(lost),
        doubled=sum(count - 1 for count in have.values()),
        unexpected=len(unexpected),
        examples=(
            *(f"lost: {key}" for key in lost),
            *(f"unexpected: {key}" for key in unexpected),
            *(f"doubled: {key}" for key, count in have.items() if count > 1),
        ),
    )


def check_mails(owed: Sequence[Owed], arrived: Sequence[tuple[str, int]], *, cuts: int) -> Mailbox:
    """`arrived`: recipient and row, in the order of arrival.

    Each of the `cuts` (a worker that dies, a mail server or database that hangs up) may hide one
    answer of the mail server, and so cause one second mail.
    """
    box = Mailbox()
    copies = Counter(row_id for _, row_id in arrived)
    for row in owed:
        _judge_row(row, copies[row.id], box)
    box.doubled += [f"one of {box.again} second mails"] * max(box.again - cuts, 0)
    recipients = {row.id: row.recipient for row in owed}
    box.unexpected += [
        f"row {row_id} to {to}" for to, row_id in arrived if recipients.get(row_id) != to
    ]
    _judge_stories(owed, arrived, box)
    return box


def _judge_row(row: Owed, copies: int, box: Mailbox) -> None:
    is_merged = row.state == "DROPPED" and row.drop_reason in MERGED
    if is_merged:
        box.merged += 1
        if copies and not row.maybe_sent:
            box.unexpected.append(f"{row} has arrived")
    elif row.state != "SENT" or not copies:
        box.lost.append(f"{row}, arrived {copies} times")
    else:
        box.told += 1
    if copies > 1 and row.maybe_sent:
        box.again += copies - 1
    elif copies > 1:
        box.doubled.append(f"{row}, arrived {copies} times")


def _judge_stories(owed: Sequence[Owed], arrived: Sequence[tuple[str, int]], box: Mailbox) -> None:
    """For each person and alert: in the order of what happened, and no end without a beginning."""
    first_at = {row_id: place for place, (_, row_id) in reversed(list(enumerate(arrived)))}
    stories: dict[Key, list[Owed]] = defaultdict(list)
    for row in sorted(owed, key=lambda row: row.id):
        stories[row.recipient, row.alert].append(row)
    for story in stories.values():
        for place, row in enumerate(story):
            _judge_drop(row, story[:place], story[place + 1 :], first_at, box)
            _judge_order(row, story[:place], first_at, box)


def _judge_drop(
    row: Owed,
    earlier: Sequence[Owed],
    later: Sequence[Owed],
    first_at: Mapping[int, int],
    box: Mailbox,
) -> None:
    """Only what is told otherwise, or has nobody to tell it to, may be dropped."""
    if row.drop_reason == "OVERTAKEN" and (row.is_end or not later):
        box.lost.append(f"{row}: nothing overtook it")
    if row.drop_reason != "UNHEARD":
        return
    if not row.is_end or any(one.id in first_at and not one.maybe_sent for one in earlier):
        box.lost.append(f"{row}: the beginning was told")


def _judge_order(
    row: Owed, earlier: Sequence[Owed], first_at: Mapping[int, int], box: Mailbox
) -> None:
    if row.id not in first_at or not earlier:
        return
    if row.is_end and not any(one.id in first_at or one.maybe_sent for one in earlier):
        box.unexpected.append(f"{row}: the beginning was not told")
    if any(first_at.get(one.id, -1) > first_at[row.id] for one in earlier):
        box.unexpected.append(f"{row} came before what was before it")
