"""`python -m dyno.run_worker weatheralert.celery ...`: a Celery worker without Celery's command line.

The command line imports an interactive shell and every subcommand: 10 MB in each process.
"""

from __future__ import annotations

import gc
import logging.config
import os
import sys
from argparse import ArgumentParser, Namespace
from importlib import import_module
from typing import Any

from celery import Celery, signals
from celery.utils.nodenames import default_nodename, host_format

from dyno import logs
from dyno.identity import name_process
from dyno.run_beat import embed_beat
from dyno.trim import trim_memory
from dyno.watch import MemoryWatch, watch_child, watch_process

BEAT = "beat"


def main() -> int:
    """Work until told to stop; the exit status."""
    options = parse_options(sys.argv[1:])
    name_process(options.hostname.partition("@")[0])
    logging.config.dictConfig(logs.logging_config())
    connect_signals()
    app = load_app(options.app)
    watches: list[MemoryWatch] = []
    parts = [BEAT] if options.with_beat else []
    signals.worker_ready.connect(lambda **_: watches.append(watch_process(parts=parts)), weak=False)
    if options.with_beat:
        embed_beat(load_app(options.with_beat))
    worker: Any = make_worker(app, options)
    try:
        worker.start()
    finally:
        for watch in watches:
            watch.stop()
    return int(worker.exitcode or os.EX_OK)


def parse_options(words: list[str]) -> Namespace:
    """Named as Celery names them."""
    parser = ArgumentParser(prog="python -m dyno.run_worker")
    parser.add_argument("app", help="module that holds the Celery app as `app`")
    parser.add_argument("--pool", required=True, choices=("prefork", "threads", "solo"))
    parser.add_argument("--concurrency", type=int, default=1)
    parser.add_argument("--queues", required=True, help="names, with commas")
    parser.add_argument("--hostname", required=True, help="like worker@%%h")
    parser.add_argument(
        "--with-beat", metavar="MODULE", help="run this app's schedule in a thread, too"
    )
    return parser.parse_args(words)


def load_app(module: str) -> Celery:
    """The Celery app of a module, as the one that tasks are bound to."""
    app: Celery = import_module(module).app
    return app


def make_worker(app: Celery, options: Namespace) -> Any:
    """The worker that `celery worker` would make; three features off that cost connections."""
    app.set_default()
    app.set_current()
    return app.Worker(
        hostname=host_format(default_nodename(options.hostname)),
        pool_cls=options.pool,
        concurrency=options.concurrency,
        queues=options.queues,
        loglevel=logging.getLogger().level,
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )


def connect_signals() -> None:
    """What a forked child needs."""
    signals.worker_before_create_process.connect(_share_memory)
    signals.worker_process_init.connect(_begin_child)
    signals.worker_process_shutdown.connect(_end_child)


_child_watches: list[MemoryWatch] = []


def _share_memory(**_: Any) -> None:
    """The collector must not write to what parent and child share, or each gets a copy.

    What only the start needed of the libraries goes back, too; a child begins with none of it.
    """
    trim_memory()  # collects first
    gc.freeze()


def _begin_child(**_: Any) -> None:
    _child_watches.append(watch_child())


def _end_child(**_: Any) -> None:
    for watch in _child_watches:
        watch.stop()


if __name__ == "__main__":
    sys.exit(main())
