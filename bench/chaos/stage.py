"""The real site with a real Redis-compatible server, database and mail server of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from threading import Event, Thread
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import redis
from celery import Celery
from celery.schedules import crontab
from kombu.exceptions import OperationalError

from bench.chaos.rows import SQLITE, Rows
from dyno.broker import configure
from predictor.contract import UNACKED_KEY
from tests.delivery.mail_server import MailServer
from tests.postgres import start_postgres
from tests.system.site import Site, wait_for
from weatheralert.beat import app as clock
from weatherapp.operations.local.redis_server import RedisServer

TICK_S = 5  # beside beat: what a tick puts right need not wait for the full minute
EVERY_MINUTE = [e for e in clock.conf.beat_schedule.values() if e["schedule"] == crontab()]
VISIT_S = 1
LOOK_S = 0.1
PATIENCE_S = 200
MESSAGE_ID = re.compile(r"<delivery-(\d+)-")


@dataclass
class Stage:
    """What a run happens on."""

    site: Site
    redis: RedisServer
    mail_server: MailServer
    rows: Rows
    asker: Celery
    visits: dict[int, int] = field(default_factory=dict)  # status -> how often; 0: no answer
    ticked_at_s: float = 0.0

    def processes(self, name: str) -> list[psutil.Process]:
        """Of the Procfile, parents first; or the demo's player."""
        if name != "player":
            return self.site.processes()[name]
        found = []
        for child in psutil.Process(self.site.process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if "play_scene" in child.cmdline():
                    found.append(child)
        return found

    def tick_when_due(self) -> None:
        """What beat sends each minute, more often: ticks may come twice."""
        if monotonic() - self.ticked_at_s < TICK_S:
            return
        self.ticked_at_s = monotonic()
        for entry in EVERY_MINUTE:
            with suppress(OperationalError):
                self.asker.send_task(entry["task"], **entry["options"])

    def wait_for_hours(self, hours: int, at_most_s: float) -> None:
        """Until so many more are played; sooner where the last one is, or the site stands still."""
        began_s, played = monotonic(), self.rows.count_played_hours()
        while monotonic() - began_s < at_most_s and not self.rows.is_played():
            self.tick_when_due()
            if self.rows.count_played_hours() >= played + hours:
                return
            sleep(LOOK_S)

    def let_leases_end(self, *, died_at: datetime) -> None:
        """As if the minutes had passed after which the work of the dead is taken up."""
        self.rows.let_leases_end(died_at=died_at)
        with redis.Redis.from_url(self.redis.url) as client:
            for index in ("unacked_index", f"{UNACKED_KEY}_index"):
                for tag in client.zrangebyscore(index, 0, died_at.timestamp()):
                    client.zadd(index, {tag: 0}, xx=True)

    def arrived(self) -> list[tuple[str, int]]:
        """Recipient and outbox row of each alert mail, in the order of arrival."""
        found = (
            (mail["To"], MESSAGE_ID.match(mail["Message-ID"])) for mail in self.mail_server.mails
        )
        return [(to, int(match[1])) for to, match in found if match]

    def settle(self) -> bool:
        """Wait until everything is played, answered and told; False when it gets no further."""
        seen, since_s = (0, 0), monotonic()
        while monotonic() - since_s < PATIENCE_S:
            self.tick_when_due()
            self.rows.let_mail_rests_end()
            progress = (self.rows.count_played_hours(), self.rows.count_unsettled())
            if progress[1] == 0:
                return True
            if progress != seen:
                seen, since_s = progress, monotonic()
            sleep(LOOK_S)
        return False


@contextmanager
def running_stage(folder: Path, *, hours: int, database: str) -> Iterator[Stage]:
    """A site that begins to play `hours`, with a visitor."""
    folder.mkdir(parents=True)
    url = f"{SQLITE}{folder}/site.sqlite3"
    if database == "postgres":
        url = start_postgres(
            Path(mkdtemp(prefix="weatheralert-chaos-"))
        )  # it has a user of its own
    with RedisServer(folder / "redis.log") as server, MailServer() as mail_server:
        host, port = mail_server.server_address
        site = Site(
            folder,
            DATABASE_URL=url,
            REDIS_URL=server.url,
            EMAIL_URL=f"smtp://{host}:{port}",
            PREDICTOR_RUNTIME="litert",
            PREDICT_NOW_BURST="100000",
        )
        site.command("migrate", "--no-input")
        prepare = f"from bench.chaos import scene; scene.prepare({hours})"
        site.command("shell", "--no-imports", "-c", prepare)
        asker = configure(Celery("chaos", fixups=[], set_as_current=False))
        asker.conf.broker_url = server.url
        with site.running():
            stage = Stage(site, server, mail_server, Rows(url), asker)
            wait_for("the first prediction is there", stage.rows.predictions)
            with visitor(stage):
                yield stage


@contextmanager
def visitor(stage: Stage) -> Iterator[None]:
    """Somebody who looks at the site and asks for a prediction, again and again."""
    over = Event()

    def visit() -> None:
        base = f"http://127.0.0.1:{stage.site.port}"
        while not over.wait(VISIT_S):
            for path, data in (("/", None), ("/api/v1/places/1/predictions", b"")):
                status = 0
                with suppress(URLError, OSError), urlopen(base + path, data, 10) as answer:  # noqa: S310 - http
                    status = answer.status
                stage.visits[status] = stage.visits.get(status, 0) + 1

    thread = Thread(target=visit, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def now() -> datetime:
    return datetime.now(UTC)
