"""Times and sizes, taken the same way of every contender."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter

from dyno.memory import family_memory_mb

Ask = Callable[[], object]

WARM_UP = 50
REQUESTS = 1_000
AT_MOST_S = 30.0  # for a slow contender's requests one after the other
CROWD = 8
CROWD_S = 10.0


@dataclass(frozen=True)
class Record:
    """Memory is the proportional set size of the process with its children."""

    start_mb: float  # it accepts requests
    loaded_mb: float  # it has answered one
    end_mb: float  # it has answered all
    first_s: float  # from the start of the process to the first answer
    p50_ms: float
    p99_ms: float
    alone_per_s: float
    crowd_per_s: float


def measure(pid: int, connect: Callable[[], Ask], began_s: float) -> Record:
    """`began_s` is what perf_counter said when the process was started."""
    start_mb = family_memory_mb(pid)
    ask = connect()
    ask()
    first_s = perf_counter() - began_s
    loaded_mb = family_memory_mb(pid)
    time_requests(ask, WARM_UP)
    times_s = time_requests(ask, REQUESTS)
    crowd_per_s = count_per_second([connect() for _ in range(CROWD)])
    return Record(
        start_mb=start_mb,
        loaded_mb=loaded_mb,
        end_mb=family_memory_mb(pid),
        first_s=first_s,
        p50_ms=percentile(times_s, 50) * 1000,
        p99_ms=percentile(times_s, 99) * 1000,
        alone_per_s=len(times_s) / sum(times_s),
        crowd_per_s=crowd_per_s,
    )


def time_requests(ask: Ask, count: int) -> list[float]:
    """Seconds of each request, one after the other; fewer where they are slow."""
    deadline_s = perf_counter() + AT_MOST_S
    times_s: list[float] = []
    while len(times_s) < count and perf_counter() < deadline_s:
        begin_s = perf_counter()
        ask()
        times_s.append(perf_counter() - begin_s)
    return times_s


def percentile(values: list[float], percent: float) -> float:
    """The nearest rank."""
    return sorted(values)[round(percent / 100 * (len(values) - 1))]


def count_per_second(asks: list[Ask]) -> float:
    """Answers a second to clients that each ask again as soon as they are answered."""
    begin_s = perf_counter()

    def keep_asking(ask: Ask) -> int:
        count = 0
        while perf_counter() - begin_s < CROWD_S:
            ask()
            count += 1
        return count

    with ThreadPoolExecutor(len(asks)) as pool:
        counts = list(pool.map(keep_asking, asks))
    return sum(counts) / (perf_counter() - begin_s)
