"""What can be found wrong, and how bad it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum


class Level(IntEnum):
    """DEGRADED: something is late or partly broken; readers are served, and it mends itself or can
    wait for the morning. FAILING: readers see nothing new, or nothing moves."""

    OK = 0
    DEGRADED = 1
    FAILING = 2

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` names the sentence in status/finding.html, `params` are what stands in it."""

    level: Level
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


def worst(findings: Iterable[Finding]) -> Level:
    return max((finding.level for finding in findings), default=Level.OK)


def soften(findings: Iterable[Finding]) -> list[Finding]:
    """While all is still starting, what looks as if it failed may only be late."""
    return [replace(finding, level=min(finding.level, Level.DEGRADED)) for finding in findings]
