"""What the processes and Redis take while the site works."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread

import psutil
import redis

from tests.system.site import Site, pss_mb

LOOK_S = 1.0
MB = 1024**2


@dataclass
class Watch:
    """Highest values since `reset`, and CPU since the processes began."""

    site: Site
    client: redis.Redis
    redis_mb: float = 0.0
    pss_mb: dict[str, float] = field(default_factory=dict)
    _cpu_s: dict[int, tuple[str, float]] = field(default_factory=dict)  # by process id
    _over: Event = field(default_factory=Event)

    def __enter__(self) -> Watch:
        self._thread = Thread(target=self._keep_looking, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def reset(self) -> None:
        """Begin anew with the highest values."""
        self.redis_mb, self.pss_mb = 0.0, {}

    def cpu_s(self) -> dict[str, float]:
        """Process type -> seconds of CPU until now, of all processes it had."""
        self._look()
        total: defaultdict[str, float] = defaultdict(float)
        for name, seconds in list(self._cpu_s.values()):
            total[name] += seconds
        return dict(total)

    def _keep_looking(self) -> None:
        while not self._over.wait(LOOK_S):
            self._look()

    def _look(self) -> None:
        self.redis_mb = max(self.redis_mb, self.client.info("memory")["used_memory"] / MB)
        for name, processes in self.site.processes().items():
            size = 0.0
            for process in processes:
                with suppress(psutil.NoSuchProcess):
                    size += pss_mb(process)
                    times = process.cpu_times()
                    self._cpu_s[process.pid] = (name, times.user + times.system)
            self.pss_mb[name] = max(self.pss_mb.get(name, 0.0), size)
