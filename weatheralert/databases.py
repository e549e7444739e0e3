"""Where the rows are: PostgreSQL, or SQLite for one machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dyno.private_files import PrivateConnection, make_private_folder
from weatheralert.environment import address, env


def read_database(var_dir: Path) -> dict[str, Any]:
    """As DATABASE_URL says; without it a file in `var_dir`."""
    default = f"sqlite:///{var_dir}/site.sqlite3"
    schemes = ("postgres", "postgresql", "sqlite")
    database = address("DATABASE_URL", default, env.db_url_config, schemes)
    if database["ENGINE"] == "django.db.backends.sqlite3":
        make_private_folder(Path(database["NAME"]).parent)
        database["OPTIONS"] = {
            # Take the write lock at the beginning: a transaction that reads first and writes later
            # would fail at once, instead of waiting, when another process has written meanwhile.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,  # s
            "factory": PrivateConnection,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            # 1 MB of pages a connection instead of 2: the system keeps the file in memory anyway.
            "PRAGMA cache_size=-1000;",
        }
        return database
    database["CONN_MAX_AGE"] = 60  # s
    database["CONN_HEALTH_CHECKS"] = True
    options = database.setdefault("OPTIONS", {})
    # gunicorn's --timeout does not end a slow request with threads: the database does.
    options.setdefault("options", "-c statement_timeout=20s")
    options.setdefault("connect_timeout", 5)
    return database
