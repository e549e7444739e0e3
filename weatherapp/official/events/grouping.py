"""Which messages are about one event. Pure.

What matters is the event, not the message: VTEC names it where there is one, else the messages that
refer to each other are one, in whatever order they came and whichever of them are missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from weatherapp.official.documents.cap import read_references
from weatherapp.official.documents.message import Message, Reference
from weatherapp.official.events.sorting import CANCEL
from weatherapp.official.events.vtec import EXPIRED_REFERENCES, list_vtec

ID, VTEC = "id:", "vtec:"


@dataclass(frozen=True, slots=True)
class Group:
    """`messages` in the order in which they were sent. A message may be in several groups."""

    key: str
    messages: tuple[Message, ...]


def group(messages: Sequence[Message]) -> list[Group]:
    """In the order of the messages given. No two of them have one identifier."""
    sets = Sets()
    known = {message.identifier: message for message in messages}
    for message in messages:
        if message.message_type != CANCEL:
            sets.join([*_list_kin(message), ID + message.identifier])
    # A cancellation of several events, which is one message, must not make them one event.
    members: defaultdict[str, list[Message]] = defaultdict(list)
    for message in messages:
        for name in _find_groups(message, sets, known):
            members[name].append(message)
    return [
        Group(_find_key(name, found), tuple(sorted(found, key=order)))
        for name, found in members.items()
    ]


def list_references(message: Message) -> list[Reference]:
    """To other messages, also by what NWS puts into a parameter."""
    texts = (
        value
        for info in message.infos
        for name, value in info.parameters
        if name == EXPIRED_REFERENCES
    )
    expired = [reference for text in texts for reference in read_references(text)]
    return [
        reference
        for reference in (*message.references, *expired)
        if reference.identifier != message.identifier
    ]


def order(message: Message) -> tuple[datetime, int, str]:
    """The same for any order of arrival."""
    rank = ("Alert", "Update", CANCEL).index(message.message_type)
    return message.sent_at, rank, message.identifier


def list_links(message: Message) -> list[str]:
    """Names that messages about one event have in common, directly or by others in between.

    They may also join what are several events: group() tells them apart.
    """
    names = [ID + message.identifier, *(VTEC + vtec.key for vtec in list_vtec(message))]
    names += [ID + reference.identifier for reference in list_references(message)]
    if message.replaced_by:
        names.append(ID + message.replaced_by)
    return list(dict.fromkeys(names))


class Sets:
    """Names that belong together, as they are found to."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}

    def find(self, name: str) -> str:
        """The one name that stands for all."""
        path = []
        while (parent := self._parents.setdefault(name, name)) != name:
            path.append(name)
            name = parent
        for passed in path:
            self._parents[passed] = name
        return name

    def join(self, names: Iterable[str]) -> None:
        """Make them one set."""
        first, *others = map(self.find, names)
        for other in others:
            self._parents[self.find(other)] = self.find(first)


def _list_kin(message: Message) -> list[str]:
    """VTEC's name comes first, so that it is the one that stands for all."""
    by_vtec = [VTEC + vtec.key for vtec in list_vtec(message)]
    if by_vtec:
        # Its references may lead to other events: from a warning to the watch before it.
        return by_vtec if len(by_vtec) == 1 else []
    replacing = [ID + message.replaced_by] if message.replaced_by else []
    return [*(ID + reference.identifier for reference in list_references(message)), *replacing]


def _find_groups(message: Message, sets: Sets, known: dict[str, Message]) -> list[str]:
    several = [vtec.key for vtec in list_vtec(message)]
    if len(several) > 1:
        return [sets.find(VTEC + key) for key in several]
    if message.message_type != CANCEL:
        return [sets.find(ID + message.identifier)]
    cancelled = [ID + found.identifier for found in list_references(message)]
    if several:
        cancelled = [VTEC + key for key in several]
    there = [name for name in cancelled if name.removeprefix(ID) in known or several]
    if there:
        return list(dict.fromkeys(map(sets.find, there)))
    sets.join([ID + message.identifier, *cancelled])
    return [sets.find(ID + message.identifier)]


def _find_key(name: str, messages: Sequence[Message]) -> str:
    """VTEC's, else the identifier of the oldest message that is known of."""
    if name.startswith(VTEC):
        return name.removeprefix(VTEC)
    first = min((message.sent_at, message.identifier) for message in messages)
    # A cancellation may name other events, too: it has a say only where it is alone.
    telling = [message for message in messages if message.message_type != CANCEL] or messages
    mentioned = [
        (reference.sent_at, reference.identifier)
        for message in telling
        for reference in list_references(message)
        if reference.sent_at is not None
    ]
    return min([first, *mentioned])[1]
