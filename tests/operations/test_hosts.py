"""Hosts that are not ours, through the real gunicorn with a production's settings."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import ROOT
from tests.process_group import running_group
from tests.system.site import free_port, wait_for
from weatherapp.operations.local.procfile import parse_procfile
from weatherapp.operations.local.redis_server import RedisServer

OURS = "weather.example.org"


@dataclass(frozen=True)
class Web:
    port: int
    log_path: Path
    environment: dict[str, str]

    def get(self, path: str, host: str, **headers: str) -> tuple[int, str]:
        """Status and text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest("GET", path, skip_host=True)
            for name, value in ({"Host": host} | headers).items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def is_up(self) -> bool:
        try:
            return self.get("/health", OURS)[0] == 200
        except OSError:
            return False


@pytest.fixture(scope="module")
def web(tmp_path_factory) -> Iterator[Web]:
    folder = tmp_path_factory.mktemp("web")
    port, log_path = free_port(), folder / "log"
    with RedisServer(folder / "redis.log") as server:
        environment = os.environ | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "DJANGO_SETTINGS_MODULE": "weatheralert.settings",
            "SECRET_KEY": "tests-only",
            "ALLOWED_HOSTS": OURS,
            "SITE_URL": "",
            "DEBUG": "",
            "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
            "VAR_DIR": str(folder),
            "REDIS_URL": server.url,
            "PORT": str(port),
            "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{port}",
            "LOG_LEVEL": "INFO",
            "LOG_FORMAT": "line",
        }
        for words in (
            ["migrate", "--verbosity=0"],
            ["collectstatic", "--no-input", "--verbosity=0"],
        ):
            manage = [sys.executable, "manage.py", *words]
            subprocess.run(manage, cwd=ROOT, env=environment, check=True)
        line = parse_procfile((ROOT / "Procfile").read_text())["web"]
        with running_group(["/bin/sh", "-c", line], log_path, environment):
            found = Web(port, log_path, environment)
            wait_for("the web process answers", found.is_up)
            yield found


@pytest.mark.slow
def test_the_health_check_of_compose_passes(web):
    (test,) = re.findall(
        r"test: \[CMD, python, -c, \"(.*)\"\]", (ROOT / "compose.yaml").read_text()
    )
    program = test.replace("127.0.0.1:8000", f"127.0.0.1:{web.port}")

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert program != test
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.1.2.3:10000", "web-7f9c", "[::1]", "a b", "", "x" * 3000]
)
def test_probes_are_told_how_it_goes_by_whatever_name_they_call(web, host):
    status, text = web.get("/health", host)

    assert status == 200
    assert json.loads(text)["database"] == "ok"


@pytest.mark.parametrize(
    "path", ["/", "/health/", "/healthy", "/admin/login/", "/static/favicon.svg"]
)
def test_no_other_page_is_opened_by_it(web, path):
    assert web.get(path, "127.0.0.1")[0] == 400
    # Of the site's own host all go to HTTPS, and the proxy says what came by it.
    assert web.get(path, OURS, **{"X-Forwarded-Proto": "https"})[0] in (200, 404)


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("evil.example.net", id="a strangers host"),
        pytest.param("evil.example.net\\r\\nforged", id="a line that is forged"),
        pytest.param("evil" + "x" * 4000, id="a long one"),
    ],
)
def test_a_wrong_host_is_one_short_line(web, host):
    before = len(web.log_path.read_text())

    status, text = web.get("/alerts/1/", host)
    web.get("/", OURS, **{"X-Forwarded-Proto": "https"})  # its line comes behind

    added = web.log_path.read_text()[before:].splitlines()
    assert status == 400
    assert "Bad request" in text
    (line,) = [line for line in added if "evil" in line]
    assert len(line) < 250
    assert "is no host of this site" in line
    assert not [line for line in added if "Traceback" in line or "DisallowedHost" in line]
    assert len(added) == 2


def test_health_is_answered_by_plain_http_and_by_https(web):
    assert web.get("/health", OURS)[0] == 200
    assert web.get("/health", OURS, **{"X-Forwarded-Proto": "https"})[0] == 200
