"""How the site's processes are, from what each last reported."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dyno.reports import Report

EXPECTED = ("web", "worker", "beat", "predictor")
OK, SILENT = "ok", "silent"


def describe_processes(reports: Iterable[Report], *, now_s: float) -> dict[str, dict[str, Any]]:
    """Process type -> how its processes are; `now_s` is seconds since the epoch.

    A type without a report, or whose reports are all old, is silent.
    """
    by_type: dict[str, list[Report]] = {name: [] for name in EXPECTED}
    for report in reports:
        by_type.setdefault(report.process_type, []).append(report)
    return {name: _describe(group, now_s) for name, group in by_type.items()}


def describe_memory(used_mb: float | None, limit_mb: float) -> dict[str, Any]:
    """Memory beside its limit; nulls for what another process counts."""
    return {
        "memory_mb": None if used_mb is None else round(used_mb, 1),
        "memory_limit_mb": round(limit_mb, 1),
        "within_limit": used_mb is None or used_mb <= limit_mb,
        "percent_of_limit": None if used_mb is None else round(100 * used_mb / limit_mb, 1),
    }


def is_well(described: dict[str, dict[str, Any]]) -> bool:
    """Whether every type reports, and stays within its limit."""
    return all(part["status"] == OK and part["within_limit"] for part in described.values())


def _describe(group: list[Report], now_s: float) -> dict[str, Any]:
    """The process of the type that is nearest to its limit speaks for all."""
    alive = [report for report in group if not report.is_silent(now_s)]
    if not alive:
        return {"status": SILENT, "count": 0, "last_report_age_s": _youngest(group, now_s)}
    fullest = max(alive, key=lambda report: (report.memory_mb or 0) / report.memory_limit_mb)
    return {
        "status": OK,
        "count": len(alive),
        "last_report_age_s": _youngest(alive, now_s),
        "pid": fullest.pid,
        **describe_memory(fullest.memory_mb, fullest.memory_limit_mb),
    }


def _youngest(group: list[Report], now_s: float) -> float | None:
    return min((round(report.age_s(now_s), 1) for report in group), default=None)
