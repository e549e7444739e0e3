"""Writes .env with local values and secrets, once. Runs before Django does."""

from __future__ import annotations

import secrets
from pathlib import Path

PATH = Path(__file__).resolve().parents[3] / ".env"

TEMPLATE = """\
# Local values, made by `make run` on this machine. Not for production, not for git.
SECRET_KEY={secret_key}
ALLOWED_HOSTS=localhost,127.0.0.1,[::1]
SITE_URL=http://localhost:8000
WEATHER_SOURCE=replay
# The admin's user is "admin".
ADMIN_PASSWORD={admin_password}
"""


def write_local_environment(path: Path) -> bool:
    """Whether a file was written; one that is there stays as it is."""
    if path.exists():
        return False
    path.touch(mode=0o600)
    path.write_text(
        TEMPLATE.format(
            secret_key=secrets.token_urlsafe(50), admin_password=secrets.token_urlsafe(9)
        )
    )
    return True


if __name__ == "__main__":
    if write_local_environment(PATH):
        print(f"Wrote local values and secrets to {PATH.name}")
