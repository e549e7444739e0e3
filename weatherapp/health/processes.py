"""How the site's processes are, from what each last reported. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from dyno.reports import Report
from weatherapp.health.findings import Finding, Level

EXPECTED = ("web", "worker", "beat", "predictor")
OK, SILENT = "ok", "silent"
# Beyond it the site judges the same moment differently in two places.
CLOCKS_DIFFER_BY_S = 120.0


def describe_processes(reports: Iterable[Report], *, now_s: float) -> dict[str, dict[str, Any]]:
    """Process type -> how its processes are; `now_s` is Redis's time.

    A type without a report, or whose reports are all old, is silent.
    """
    by_type: dict[str, list[Report]] = {name: [] for name in EXPECTED}
    for report in reports:
        by_type.setdefault(report.process_type, []).append(report)
    return {name: _describe(group, now_s) for name, group in by_type.items()}


def describe_memory(used_mb: float | None, limit_mb: float | None) -> dict[str, Any]:
    """Memory beside its limit; nulls for what another process counts or nobody knows."""
    percent = 100 * used_mb / limit_mb if used_mb is not None and limit_mb else None
    return {
        "memory_mb": None if used_mb is None else round(used_mb, 1),
        "memory_limit_mb": None if limit_mb is None else round(limit_mb, 1),
        "within_limit": percent is None or percent <= 100,
        "percent_of_limit": None if percent is None else round(percent, 1),
    }


def check_processes(
    described: Mapping[str, Mapping[str, Any]], reports: Sequence[Report], *, now_s: float
) -> list[Finding]:
    """DEGRADED at most: what does not move on without the process says so by its own age."""
    return [
        *(finding for name, part in described.items() for finding in _check(name, part)),
        *_compare_clocks([report for report in reports if not report.is_silent(now_s)]),
    ]


def _check(name: str, part: Mapping[str, Any]) -> Iterator[Finding]:
    if part["status"] == SILENT:
        yield _silent(name, part["last_report_age_s"])
    elif not part["within_limit"]:
        params = {"process": name, "percent": part["percent_of_limit"]}
        yield Finding(Level.DEGRADED, "process_memory", params)


def _silent(name: str, age_s: float | None) -> Finding:
    if age_s is None:
        return Finding(Level.DEGRADED, "process_missing", {"process": name})
    params = {"process": name, "for_long": timedelta(seconds=age_s)}
    return Finding(Level.DEGRADED, "process_silent", params)


def _compare_clocks(alive: Sequence[Report]) -> Iterator[Finding]:
    """By how far each is ahead of Redis's clock: that needs no two moments to be the same."""
    ahead = [
        (report.clock_ahead_s, report.process_type)
        for report in alive
        if report.clock_ahead_s is not None
    ]
    if not ahead:
        return
    (least_s, behind), (most_s, first) = min(ahead), max(ahead)
    if most_s - least_s > CLOCKS_DIFFER_BY_S:
        difference = timedelta(seconds=most_s - least_s)
        params = {"ahead": first, "behind": behind, "for_long": difference}
        yield Finding(Level.DEGRADED, "clocks_differ", params)


def _describe(group: list[Report], now_s: float) -> dict[str, Any]:
    """The process of the type that is nearest to its limit speaks for all."""
    alive = [report for report in group if not report.is_silent(now_s)]
    if not alive:
        return {"status": SILENT, "count": 0, "last_report_age_s": _youngest(group, now_s)}
    fullest = max(alive, key=_fullness)
    return {
        "status": OK,
        "count": len(alive),
        "last_report_age_s": _youngest(alive, now_s),
        "pid": fullest.pid,
        "clock_ahead_s": fullest.clock_ahead_s,
        "up_s": _up_s(fullest, now_s),
        **describe_memory(fullest.memory_mb, fullest.memory_limit_mb),
    }


def _up_s(report: Report, now_s: float) -> float | None:
    """By now: the report is up to a minute old."""
    age_s = report.age_s(now_s)
    return None if report.up_s is None or age_s is None else round(report.up_s + age_s, 1)


def _fullness(report: Report) -> float:
    return (report.memory_mb or 0) / (report.memory_limit_mb or float("inf"))


def _youngest(group: list[Report], now_s: float) -> float | None:
    ages_s = (report.age_s(now_s) for report in group)
    return min((round(age_s, 1) for age_s in ages_s if age_s is not None), default=None)
