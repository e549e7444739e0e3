"""Messages as Celery writes them, and as it does not."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

GONE = object()


@dataclass(frozen=True)
class Task:
    """A task that some process knows, and the arguments it takes."""

    name: str
    queue: str
    kwargs: dict[str, Any]
    args: list[Any] = field(default_factory=list)


Make = Callable[[Task], bytes]


def good(task: Task, **changes: Any) -> bytes:
    """`changes` by path, like `headers__id=GONE`."""
    message: dict[str, Any] = {
        "body": pack([task.args, task.kwargs, {"callbacks": None, "errbacks": None}]),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"lang": "py", "task": task.name, "id": str(uuid4()), "timelimit": [None, None]},
        "properties": {
            "delivery_mode": 2,
            "delivery_info": {"exchange": "", "routing_key": task.queue},
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": str(uuid4()),
        },
    }
    for path, value in changes.items():
        *parents, name = path.split("__")
        part = message
        for parent in parents:
            part = part[parent]
        part.pop(name, None) if value is GONE else part.update({name: value})
    return json.dumps(message).encode()


def pack(content: Any) -> str:
    return b64encode(json.dumps(content).encode()).decode()


def raw(content: bytes, name: str) -> Any:
    return pytest.param(lambda _: content, id=name)


def broken(name: str, **changes: Any) -> Any:
    return pytest.param(lambda task: good(task, **changes), id=name)


def body(name: str, make: Callable[[Task], Any]) -> Any:
    return pytest.param(lambda task: good(task, body=pack(make(task))), id=name)


NO_MESSAGES = [
    raw(b"5", "a number"),
    raw(b"[1,2,3]", "a list"),
    raw(b"null", "null"),
    raw(b'"rain"', "a text"),
    raw(b"{", "half an object"),
    raw(b"{}", "an empty object"),
    raw(b"", "nothing"),
    raw(b"\xff\xfe\x00rain", "bytes that are no text"),
    raw(b"[" * 100_000, "brackets without end"),
    raw(b"x" * 1_000_001, "a megabyte"),
    raw(b'{"__type__": "uuid", "__value__": "rain"}', "what a decoder trips over"),
    raw(b"line\n2026-01-01 12:00:00,000 ERROR worker[1] root: forged\x1b[31m", "a line of the log"),
    broken("no headers", headers=GONE),
    broken("headers as a list", headers=[1, 2]),
    broken("headers as null", headers=None),
    broken("no properties", properties=GONE),
    broken("properties as a number", properties=5),
    broken("no delivery tag", properties__delivery_tag=GONE),
    broken("no delivery info", properties__delivery_info=GONE),
    broken("no exchange", properties__delivery_info__exchange=GONE),
    broken("no routing key", properties__delivery_info__routing_key=None),
    broken("another encoding", properties__body_encoding="rot13"),
    broken("no content type", **{"content-type": GONE}),
    broken("pickled", **{"content-type": "application/x-python-serialize"}),
    broken("in UTF-7", **{"content-encoding": "utf-7"}),
    broken("no task", headers__task=GONE),
    broken("a task as a list", headers__task=["rain"]),
    broken("no id", headers__id=GONE),
    broken("an id as a number", headers__id=5),
    broken("an id of two lines", headers__id="a\n2026-01-01 ERROR forged"),
    broken("a name to be logged by", headers__shadow="a\nforged"),
    broken("a trace id of two lines", headers__trace_id="a\nforged"),
    broken("packed", headers__compression="application/x-gzip"),
    broken("time limits in words", headers__timelimit=["soon", "later"]),
    broken("no body", body=GONE),
    broken("a body as an object", body={}),
    broken("a body that is not base64", body="rain!"),
    broken("a body that is no text", body=b64encode(b"\xff\xfe").decode()),
    broken("a body that is no JSON", body=b64encode(b"{").decode()),
    body("body 5", lambda _: 5),
    body("body [1, 2, 3]", lambda _: [1, 2, 3]),
    body("a body of two parts", lambda task: [task.args, task.kwargs]),
    body("arguments as an object", lambda task: [{}, task.kwargs, None]),
    body("names as a list", lambda task: [task.args, [], None]),
    body("callbacks that are numbers", lambda task: [task.args, task.kwargs, {"callbacks": [5]}]),
    body("a chain that is a number", lambda task: [task.args, task.kwargs, {"chain": 5}]),
    body(
        "a time that is none",
        lambda _: [[], {"at": {"__type__": "datetime", "__value__": "rain"}}, None],
    ),
]
# Of good form; what they ask for is not there.
NO_WORK = [
    broken("a task that nobody knows", headers__task="rain.fall"),
    broken("a time to begin that is none", headers__eta="soon"),
    broken("a time to end that is none", headers__expires="soon"),
    body("an argument too many", lambda task: [["rain", "rain"], task.kwargs, None]),
    body("no arguments", lambda _: [[], {}, None]),
]
