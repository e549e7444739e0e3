"""How the site is, for people: what /health says to programs, in sentences and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, cast

from django.core.cache import caches
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from weatherapp.forecasting.asking.queue_status import QueueStatus, read_status
from weatherapp.health.facts import Work
from weatherapp.health.findings import Level
from weatherapp.health.processes import SILENT
from weatherapp.models import PollProblem
from weatherapp.operations.health import Health, read_health
from weatherapp.pages.conditional import NO_CONTENT, is_poll

KEY = "status-page"
KEPT_S = 5
NEARLY_FULL_PERCENT = 90
FULL_PERCENT = 100


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """A kind of process; the one that is nearest to its limit speaks for all. None is unknown."""

    name: str
    is_silent: bool
    count: int
    used_mb: int | None
    limit_mb: int | None
    percent: float | None
    up_s: float | None
    silent_s: float | None  # since its last report

    @property
    def bar(self) -> float:
        """Width of the bar of memory, in hundredths of its whole."""
        return min(self.percent or 0.0, float(FULL_PERCENT))

    @property
    def fullness(self) -> str:
        """A word for style sheets."""
        if (self.percent or 0) > FULL_PERCENT:
            return "over"
        return "nearly" if (self.percent or 0) > NEARLY_FULL_PERCENT else "well"


@dataclass(frozen=True, slots=True)
class SourceLine:
    name: str
    places: int
    failed_places: int
    fetched_at: datetime | None
    age: timedelta | None


@dataclass(frozen=True, slots=True)
class WarningsLine:
    """A source of official warnings that is on; `problem` is empty after a good poll."""

    issuer: str
    succeeded_at: datetime | None
    age: timedelta | None
    problem_code: str
    in_force: int | None

    @property
    def problem(self) -> str:
        """In the reader's language."""
        return str(PollProblem(self.problem_code).label) if self.problem_code else ""

    @property
    def is_stale(self) -> bool:
        return bool(self.problem_code) and self.succeeded_at is not None


@dataclass(frozen=True, slots=True)
class StatusPage:
    """`queue` is None where the rows or Redis cannot be asked."""

    health: Health
    processes: list[ProcessLine]
    sources: list[SourceLine]
    warnings: list[WarningsLine]
    queue: QueueStatus | None
    answer_age: timedelta | None
    mail_age: timedelta | None  # since the oldest mail that is due, and not sent

    @property
    def is_ok(self) -> bool:
        return self.health.level is Level.OK


@require_safe
@cache_control(no_cache=True)
def status(request: HttpRequest) -> HttpResponse:
    """An open page asks again, and is drawn anew only where a word or a figure would be another."""
    page = cast(StatusPage, caches["parts"].get_or_set(KEY, read_page, KEPT_S))
    said = render_to_string("status/said.html", {"page": page})
    version = blake2b(said.encode(), digest_size=9).hexdigest()
    if is_poll(request) and request.GET.get("version") == version:
        return HttpResponse(status=NO_CONTENT)
    context: dict[str, Any] = {
        "page": page,
        "said": mark_safe(said),  # noqa: S308 - a template drew it
        "version": version,
        "has_turned": request.GET.get("level") not in (None, page.health.level.word),
    }
    if page.health.work is None:  # nothing on the page may ask the database
        context |= {"replay": None, "source_names": []}
    template = "status/refresh.html" if is_poll(request) else "status/page.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def read_page() -> StatusPage:
    now = timezone.now()
    health = read_health(now)
    work = health.work
    return StatusPage(
        health=health,
        processes=[_describe(*item) for item in (health.processes or {}).items()],
        sources=_list_sources(work) if work else [],
        warnings=_list_warnings(work) if work else [],
        queue=_read_queue(now) if work and health.broker else None,
        answer_age=work.age_of(work.answered_at) if work else None,
        mail_age=work.age_of(work.mail_due_at) if work else None,
    )


def _list_sources(work: Work) -> list[SourceLine]:
    return [
        SourceLine(
            name=source.name,
            places=source.places,
            failed_places=source.failed_places,
            fetched_at=source.fetched_at,
            age=work.age_of(source.fetched_at),
        )
        for source in work.sources
    ]


def _list_warnings(work: Work) -> list[WarningsLine]:
    return [
        WarningsLine(
            issuer=source.issuer,
            succeeded_at=source.succeeded_at,
            age=work.age_of(source.succeeded_at),
            problem_code=source.problem,
            in_force=source.in_force,
        )
        for source in work.warning_sources
    ]


def _describe(name: str, part: Mapping[str, Any]) -> ProcessLine:
    return ProcessLine(
        name=name,
        is_silent=part["status"] == SILENT,
        count=part["count"],
        used_mb=_round(part.get("memory_mb")),
        limit_mb=_round(part.get("memory_limit_mb")),
        percent=part.get("percent_of_limit"),
        up_s=part.get("up_s"),
        silent_s=part["last_report_age_s"],
    )


def _round(number: float | None) -> int | None:
    return None if number is None else round(number)


def _read_queue(now: datetime) -> QueueStatus | None:
    try:
        return read_status(now=now)
    except DatabaseError:
        return None
