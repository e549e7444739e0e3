"""What can be asked of the API: each operation is declared once, and all else is made from that."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from weatherapp.addresses import ADDRESSES
from weatherapp.api.schema import ID, INTEGER, UUID, Resource, Schema, Type, limited
from weatherapp.models import ApiKey

MOST_ITEMS, USUAL_ITEMS = 200, 50
_IN_ADDRESS = re.compile(r"<(?P<kind>\w+):(?P<name>\w+)>")
_KINDS = {"int": ID, "uuid": UUID}


@dataclass(frozen=True, slots=True)
class Parameter:
    """Of the address, behind the question mark; `usual` counts where it is not given."""

    name: str
    type: Type
    description: str
    usual: Any = None
    example: Any = None


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was understood. `values` has all of the operation's parameters."""

    request: HttpRequest
    path: Mapping[str, Any]
    values: Mapping[str, Any]
    now: datetime
    key: ApiKey | None = None
    body: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of a list; `after` is where the next one begins, None behind the last."""

    rows: Sequence[Any]
    after: Sequence[Any] | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """`call` gives the row, or the Slice, that `answer` writes.

    `read_version` makes a cheap mark of what the answer is made of, in one query or two: where there
    is none the answer itself is marked. `scope` is what a key must allow. `problems` are the statuses
    that it refuses with beside those of every operation.
    """

    name: str
    method: str
    address: str
    group: str
    summary: str
    answer: Resource
    call: Callable[[Call], Any]
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    body: Schema | None = None
    is_list: bool = False
    read_version: Callable[[Call], str] | None = None
    scope: str = ""
    status: int = 200
    locate: Callable[[Any], str] | None = None
    problems: tuple[int, ...] = ()

    @property
    def path(self) -> str:
        """As OpenAPI writes it."""
        return "/" + _IN_ADDRESS.sub(r"{\g<name>}", ADDRESSES[self.address])

    @property
    def path_types(self) -> dict[str, Type]:
        found = _IN_ADDRESS.finditer(ADDRESSES[self.address])
        return {match["name"]: _KINDS[match["kind"]] for match in found}

    @property
    def is_safe(self) -> bool:
        return self.method == "GET"


LANGUAGE = Parameter(
    "lang",
    Type({"type": "string", "enum": ["en", "fr"]}),
    "The language of names and sentences.",
    usual="en",
)
LIMIT = Parameter(
    "limit",
    limited(INTEGER, minimum=1, maximum=MOST_ITEMS),
    "How many items a page has at most.",
    usual=USUAL_ITEMS,
)
CURSOR = Parameter(
    "cursor",
    Type({"type": "string", "maxLength": 200, "pattern": "^[A-Za-z0-9_-]+$"}),
    "Where the page begins: from `next` of the page before. Not to be made or read.",
)
PAGED = (LIMIT, CURSOR)
