"""Files that only the site's own user may read, whatever the umask of whoever starts it."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def make_private_folder(path: Path) -> None:
    """One that is there stays as it is: it may be everybody's, like /tmp."""
    path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)


class PrivateConnection(sqlite3.Connection):
    """Makes a database's file before SQLite does; its -wal and -shm take over the file's mode."""

    def __init__(self, database: str, *args: Any, **kwargs: Any) -> None:
        if not database.startswith((":memory:", "file:")):
            with suppress(FileExistsError):
                Path(database).touch(mode=FILE_MODE, exist_ok=False)
        super().__init__(database, *args, **kwargs)
