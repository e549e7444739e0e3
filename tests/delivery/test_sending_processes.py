"""Nobody is told twice: several real processes on one real database file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from email import message_from_bytes
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.slow


class Workers:
    """Starts processes that share a database and a mail folder."""

    def __init__(self, folder: Path) -> None:
        self.mails = folder / "mails"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "TEST_DATABASE": "",
            "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
            "MAIL_FOLDER": str(self.mails),
        }

    def start(self, call: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [
                *(sys.executable, "manage.py", "shell", "--no-imports", "-c"),
                "from datetime import timedelta; from tests.delivery import sending_process as do; "
                f"do.{call}",
            ],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, call: str) -> str:
        process = self.start(call)
        output, _ = process.communicate("\n", timeout=60)
        assert process.returncode == 0
        return output

    def read_recipients(self) -> Counter[str]:
        mails = [
            mail
            for file in self.mails.glob("*")
            for mail in file.read_bytes().split(b"-" * 79)
            if mail.strip()
        ]
        return Counter(message_from_bytes(mail.lstrip())["To"] for mail in mails)


def start_together(processes: list[subprocess.Popen[str]]) -> None:
    """Let go when all are ready; returns when all are done."""
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=60)


@pytest.fixture
def workers(tmp_path) -> Workers:
    return Workers(tmp_path)


def test_two_workers_at_once_send_each_mail_once(workers):
    workers.run("prepare(40)")
    both = [workers.start("send()"), workers.start("send()")]

    start_together(both)

    assert [process.returncode for process in both] == [0, 0]
    recipients = workers.read_recipients()
    assert len(recipients) == 40
    assert set(recipients.values()) == {1}


def test_mail_of_a_killed_worker_is_sent_by_another_when_the_lease_is_over(workers):
    delivery_id = workers.run("prepare(1)")
    killed = workers.start(f"die_sending({delivery_id})")
    killed.communicate(timeout=60)

    workers.run("send(after=timedelta(minutes=9))")
    too_early = workers.read_recipients().total()
    workers.run("send(after=timedelta(minutes=10))")

    assert killed.returncode == -signal.SIGKILL
    assert (too_early, workers.read_recipients().total()) == (0, 1)
