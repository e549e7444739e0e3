"""What an operation refuses with: a status, a code, and what exactly is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.cache import add_never_cache_headers

from weatherapp.api.checking import Wrong
from weatherapp.pages.problem_json import PROBLEM_TYPE, write_problem


class ProblemError(Exception):
    """Becomes an answer; `more` are further members of it."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(status, detail)
        self.status, self.detail, self.more = status, detail, more
        self.headers = headers or {}

    def to_response(self) -> HttpResponse:
        body = write_problem(self.status, self.detail, **self.more)
        response = HttpResponse(body, status=self.status, content_type=PROBLEM_TYPE)
        add_never_cache_headers(response)
        for name, value in self.headers.items():
            response.headers[name] = value
        return response


def not_found(what: str) -> ProblemError:
    return ProblemError(404, f"There is no such {what}, or no longer.")


def wrong_parameter(name: str, detail: str) -> ProblemError:
    """Of the address."""
    errors = [{"parameter": name, "detail": detail}]
    return ProblemError(400, f"{name}: {detail}", code="wrong_parameter", errors=errors)


def wrong_body(wrongs: Iterable[Wrong]) -> ProblemError:
    errors = [{"pointer": wrong.pointer, "detail": wrong.detail} for wrong in wrongs]
    return ProblemError(422, errors=errors)
