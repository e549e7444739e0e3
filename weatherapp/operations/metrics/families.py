"""What a metric is: a name, a kind, what it says, and the labels that tell its samples apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """As the text formats call it."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Family:
    """`name` is that of the samples; a counter's ends in _total. `labels` are names, in their order."""

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()

    def of(self, value: float, *labels: str) -> Sample:
        return Sample(self, value, labels)


class Sample(NamedTuple):
    """`suffix` and `upto` (the bucket's upper bound) are a histogram's."""

    family: Family
    value: float
    labels: tuple[str, ...] = ()
    suffix: str = ""
    upto: float | None = None
