"""Why a source brought no weather, as a code: readers get a sentence of their language for it."""

from __future__ import annotations

from enum import StrEnum


class SourceProblem(StrEnum):
    UNREACHABLE = "UNREACHABLE"  # no connection, or it broke
    TOO_SLOW = "TOO_SLOW"
    OUT_OF_ORDER = "OUT_OF_ORDER"  # it says itself that it cannot
    RATE_LIMITED = "RATE_LIMITED"  # no more may be asked for a while
    REFUSED = "REFUSED"  # the same question gets the same answer until something changes
    GARBLED = "GARBLED"  # what it says cannot be read
