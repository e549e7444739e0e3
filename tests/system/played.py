"""The demo, played to its present once for all of pytest's processes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

from tests.system.site import Site


@contextmanager
def running_played_demo(folder: Path, shared_folder: Path) -> Iterator[Site]:
    """A site of its own in `folder`, after the demo.

    Who comes first plays it and leaves the rows in `shared_folder`, where others wait for them.
    """
    rows = shared_folder / "played-demo.sqlite3"
    with (shared_folder / "played-demo.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not rows.exists():
            play(shared_folder / "played-demo", rows)
    copy_rows(rows, folder / "site.sqlite3")
    with Site(folder).running() as site:
        site.wait_for_demo()
        yield site


def play(folder: Path, rows: Path) -> None:
    folder.mkdir()
    with Site(folder).running() as site:
        site.wait_for_demo()
    copy_rows(folder / "site.sqlite3", rows)


def copy_rows(source: Path, target: Path) -> None:
    """Also those that SQLite still has in a file beside it; `target` is there when it is whole."""
    part = target.with_suffix(".part")
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(part)) as other:
        one.backup(other)
    part.rename(target)
