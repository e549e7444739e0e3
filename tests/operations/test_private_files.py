"""What the site writes is for its own user alone, under the most careless umask."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, get_connection

from dyno.private_files import PrivateConnection, make_private_folder
from tests import ROOT
from weatherapp.operations.local.environment import write_local_environment

BACKEND = "weatherapp.delivery.private_folder.EmailBackend"

# Migrates, sends a mail, and looks while the database is open.
PROGRAM = """
import os, stat, sys
from pathlib import Path
os.umask(0)
import django
django.setup()
from django.core.mail import send_mail
from django.core.management import call_command
call_command("migrate", "auth", verbosity=0)
send_mail("Rain", "soon", None, ["ann@example.org"])
folder = Path(os.environ["VAR_DIR"])
for path in (folder, *sorted(folder.rglob("*"))):
    print(oct(stat.S_IMODE(path.stat().st_mode)), path.relative_to(folder).parts[:1], path.suffix)
"""


@pytest.fixture(autouse=True)
def _careless():
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_site_lets_nobody_else_read_anything(tmp_path):
    environment = {
        "DJANGO_SETTINGS_MODULE": "weatheralert.settings",
        "SECRET_KEY": "tests-only",
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": "",
        "EMAIL_URL": "",
        "VAR_DIR": str(tmp_path / "var"),
        "PATH": os.environ["PATH"],
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "0o700 () ",
        "0o700 ('mail',) ",
        "0o600 ('mail',) .log",
        "0o600 ('site.sqlite3',) .sqlite3",
        "0o600 ('site.sqlite3-shm',) .sqlite3-shm",
        "0o600 ('site.sqlite3-wal',) .sqlite3-wal",
    ]


def test_a_database_that_is_there_keeps_its_mode_and_its_rows(tmp_path):
    path = tmp_path / "site.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE kept (x)")
    path.chmod(0o640)  # a group that makes backups

    with closing(sqlite3.connect(str(path), factory=PrivateConnection)) as database:
        assert database.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    assert mode(path) == 0o640


@pytest.mark.parametrize("name", [":memory:", "file:x?mode=memory&cache=shared"])
def test_a_database_in_memory_leaves_no_file(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with closing(
        sqlite3.connect(name, factory=PrivateConnection, uri=name.startswith("file:"))
    ) as database:
        database.execute("CREATE TABLE x (x)")

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_may_be_everybodys(tmp_path):
    tmp_path.chmod(0o777)
    make_private_folder(tmp_path)
    make_private_folder(tmp_path / "new" / "newer")

    assert mode(tmp_path) == 0o777
    assert mode(tmp_path / "new" / "newer") == 0o700


def test_every_mail_of_a_kept_connection_is_private(tmp_path):
    with get_connection(BACKEND, file_path=str(tmp_path / "mail")) as connection:
        sent = connection.send_messages(
            [EmailMessage(subject, "x", "a@example.org", ["b@example.org"]) for subject in "12"]
        )

    (file,) = (tmp_path / "mail").iterdir()
    assert sent == 2
    assert mode(file) == 0o600
    assert file.read_text().count("Subject:") == 2


def test_the_local_secrets_are_private(tmp_path):
    write_local_environment(tmp_path / ".env")

    assert mode(tmp_path / ".env") == 0o600
