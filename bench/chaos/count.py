"""What a disturbed run holds against an undisturbed one: lost, doubled, unexpected. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Key = tuple[object, ...]
MERGED = ("OVERTAKEN", "UNHEARD")  # the alert was over before its beginning could be told


@dataclass(frozen=True)
class Count:
    """Of one kind of thing."""

    kind: str
    expected: int
    got: int
    lost: int
    doubled: int
    unexpected: int

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.doubled or self.unexpected)


@dataclass(frozen=True)
class Owed:
    """A row of the outbox; `alert` is the same in both runs."""

    id: int
    recipient: str
    alert: Key
    is_raise: bool
    state: str
    drop_reason: str = ""
    maybe_sent: bool = False

    @property
    def key(self) -> Key:
        return (self.recipient, *self.alert, self.is_raise)


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
    return Count(
        kind,
        expected=want.total(),
        got=have.total(),
        lost=len(want.keys() - have.keys()),
        doubled=sum(count - 1 for count in have.values()),
        unexpected=len(have.keys() - want.keys()),
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
    _judge_pairs(owed, arrived, box)
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


def _judge_pairs(owed: Sequence[Owed], arrived: Sequence[tuple[str, int]], box: Mailbox) -> None:
    """For each person and alert: raised before over, and neither alone."""
    first_at = {row_id: place for place, (_, row_id) in reversed(list(enumerate(arrived)))}
    raises = {(row.recipient, row.alert): row for row in owed if row.is_raise}
    for end in owed:
        raised = raises.get((end.recipient, end.alert))
        if end.is_raise or raised is None:
            continue
        if raised.id in first_at and end.drop_reason == "UNHEARD" and not raised.maybe_sent:
            box.lost.append(f"{end}: the beginning was told")
        if end.id not in first_at:
            continue
        if raised.id not in first_at and not raised.maybe_sent:
            box.unexpected.append(f"{end}: the beginning was not told")
        if first_at.get(raised.id, -1) > first_at[end.id]:
            box.unexpected.append(f"{end} came before its beginning")
