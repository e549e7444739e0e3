"""What gunicorn cannot be told on the Procfile's line."""

from pathlib import Path
from typing import Any

from dyno.identity import name_process
from dyno.logs import logging_config
from dyno.trim import trim_memory

name_process("web")

# Two idle clients would hold both threads (docs/decisions/0011).
worker_class = "dyno.buffering.worker.BufferingWorker"
worker_connections = 256  # with one more the one ends that has been idle longest
sendfile = False  # it would write past the worker's buffers
# The Procfile's --max-requests bounds a leak that nobody knows of: each minute at 800 requests a second,
# which shared pages reach, and once in days on a quiet site. See "Bounds" in docs/memory.md.

# The workers' heartbeat file must not wait for a disk; macOS has no such folder.
if Path("/dev/shm").is_dir():  # noqa: S108 - gunicorn makes its own unnamed file there
    worker_tmp_dir = "/dev/shm"  # noqa: S108

logconfig_dict = logging_config()
logconfig_dict["loggers"] |= {
    "gunicorn.error": {"level": "INFO", "handlers": ["console"], "propagate": False},
    # The site logs its requests itself, with their ids and without subscribers' secrets.
    "gunicorn.access": {"level": "WARNING", "handlers": ["console"], "propagate": False},
}

_watches: list[Any] = []


def pre_fork(server: Any, worker: Any) -> None:
    """What only the arbiter's start needed of the libraries: the worker would keep it there."""
    trim_memory()


def post_worker_init(worker: Any) -> None:
    """The memory of the web process is that of gunicorn's arbiter with its worker."""
    from dyno.watch import watch_process  # not in the arbiter, which stays small

    trim_memory()

    _watches.append(watch_process(root_pid=worker.ppid))


def worker_exit(server: Any, worker: Any) -> None:
    """Also when a worker has served --max-requests."""
    for watch in _watches:
        watch.stop()
