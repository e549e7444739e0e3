"""In a process of the tests: a wall clock that a file sets, for all that Python asks it.

Debian's libfaketime would do it below Python, but ends one in twelve processes with threads by a
segmentation fault. The monotonic clock stays the machine's, as where an operator sets the time.
"""

import datetime
import os
import time
from pathlib import Path

AHEAD = Path(os.environ["WRONG_CLOCK"])
real_time, RealDatetime = time.time, datetime.datetime


def wrong_time() -> float:
    return real_time() + float(AHEAD.read_text())


class Kind(type):
    """What C code makes is a datetime as well."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, RealDatetime)

    def __subclasscheck__(cls, kind: type) -> bool:
        return issubclass(kind, RealDatetime)


class WrongDatetime(RealDatetime, metaclass=Kind):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(wrong_time(), tz)

    @classmethod
    def utcnow(cls):
        return cls.now(datetime.UTC).replace(tzinfo=None)


time.time = wrong_time
time.time_ns = lambda: int(wrong_time() * 1e9)
datetime.datetime = WrongDatetime
