"""Understands a request: its parameters, its body, what it accepts. All else is refused by name."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import UnreadablePostError

from weatherapp.api.checking import find_wrong
from weatherapp.api.operations import Operation, Parameter
from weatherapp.api.problems import ProblemError, wrong_body, wrong_parameter

JSON_TYPES = ("application/json", "application/merge-patch+json")
# PROBLEM: who accepts errors alone gets them.
ANSWERED = ("application/json", "application/problem+json")
_WHOLE = re.compile(r"-?\d{1,19}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_FLAGS = {"true": True, "false": False}


def check_accepts(request: HttpRequest) -> None:
    """Raises ProblemError."""
    if not any(request.accepts(kind) for kind in ANSWERED):
        raise ProblemError(406)


def read_parameters(operation: Operation, request: HttpRequest) -> dict[str, Any]:
    """All of the operation's parameters by name. Raises ProblemError."""
    known = {parameter.name: parameter for parameter in operation.parameters}
    for name, values in request.GET.lists():
        if name not in known:
            names = ", ".join(known) or "none"
            raise wrong_parameter(name[:40], f"Is not known here. Known are: {names}.")
        if len(values) > 1:
            raise wrong_parameter(name, "Is given more than once.")
    return {name: _read(one, request.GET.get(name)) for name, one in known.items()}


def read_body(operation: Operation, request: HttpRequest) -> dict[str, Any]:
    """Raises ProblemError. Of an operation without a body nothing is read."""
    if operation.body is None:
        return {}
    if request.content_type not in JSON_TYPES:
        raise ProblemError(415)
    try:
        body = json.loads(request.body, parse_constant=_refuse_constant)
    except RequestDataTooBig:
        raise ProblemError(413) from None
    except UnreadablePostError:
        raise ProblemError(400, "The body did not arrive.") from None
    except (ValueError, RecursionError):
        raise ProblemError(400, "The body is no JSON.", code="not_json") from None
    if wrongs := list(find_wrong(operation.body, body)):
        raise wrong_body(wrongs)
    assert isinstance(body, dict)  # noqa: S101 - every body's schema is an object's
    return body


def _read(parameter: Parameter, text: str | None) -> Any:
    if text is None:
        return parameter.usual
    value = _parse(parameter.type.schema["type"], text)
    wrongs = list(find_wrong(parameter.type.schema, value))
    if wrongs:
        raise wrong_parameter(parameter.name, wrongs[0].detail)
    return value


def _parse(kind: str, text: str) -> Any:
    """What is not of the kind stays text, which the check then refuses."""
    if kind == "integer" and _WHOLE.fullmatch(text):
        return int(text)
    if kind == "number" and _NUMBER.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    if kind == "boolean":
        return _FLAGS.get(text, text)
    return text


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
