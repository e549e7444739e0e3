"""What the processes, Redis and PostgreSQL take while the site works."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread

import psutil
import psycopg
import redis

from tests.system.site import Site, pss_mb

LOOK_S = 1.0
MB = 1024**2
CONNECTIONS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> 'bench'
"""


@dataclass
class Watch:
    """Highest values since `reset`, and CPU since the processes began.

    `servers`: by name, those that the site uses; with all their children.
    """

    site: Site
    client: redis.Redis
    rows: psycopg.Connection
    servers: Mapping[str, psutil.Process]
    workers: int = 1  # their memory is told as that of one
    redis_mb: float = 0.0
    connections: int = 0
    pss_mb: dict[str, float] = field(default_factory=dict)
    pss_now_mb: dict[str, float] = field(default_factory=dict)
    _cpu_s: dict[int, tuple[str, float]] = field(default_factory=dict)  # by process id
    _over: Event = field(default_factory=Event)

    def __enter__(self) -> Watch:
        self._look()
        self._thread = Thread(target=self._keep_looking, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def reset(self) -> None:
        """Begin anew with the highest values."""
        self.redis_mb, self.connections, self.pss_mb = 0.0, 0, {}

    def cpu_s(self) -> dict[str, float]:
        """Process type -> seconds of CPU until now, of all processes it had."""
        total: defaultdict[str, float] = defaultdict(float)
        for name, seconds in list(self._cpu_s.values()):
            total[name] += seconds
        return dict(total) | {
            name: sum(_server_cpu_s(process)) for name, process in self.servers.items()
        }

    def _keep_looking(self) -> None:
        while not self._over.wait(LOOK_S):
            self._look()

    def _look(self) -> None:
        self.redis_mb = max(self.redis_mb, self.client.info("memory")["used_memory"] / MB)
        (used,) = self.rows.execute(CONNECTIONS).fetchone() or (0,)
        self.connections = max(self.connections, used)
        for name, processes in self.site.processes().items():
            sizes = [self._look_at(name, process) for process in processes]
            share = sum(sizes) / (self.workers if name == "worker" else 1)
            self.pss_now_mb[name] = share
            self.pss_mb[name] = max(self.pss_mb.get(name, 0.0), share)

    def _look_at(self, name: str, process: psutil.Process) -> float:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            self._cpu_s[process.pid] = (name, times.user + times.system)
            return pss_mb(process)
        return 0.0


def _server_cpu_s(server: psutil.Process) -> Iterator[float]:
    """Of a server itself, of its children that are over, and of those that live."""
    times = server.cpu_times()
    yield times.user + times.system + times.children_user + times.children_system
    for child in server.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            own = child.cpu_times()
            yield own.user + own.system
