"""What `make run` says when something is in its way, and what it writes."""

import os
import socket
import stat
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from tests import ROOT
from weatherapp.operations.local.environment import write_local_environment
from weatherapp.operations.local.procfile import ProcfileError, parse_procfile, read_commands
from weatherapp.operations.local.redis_server import RedisServer, RedisServerError

pytestmark = pytest.mark.slow


def read_values(path):
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def manage(*words, **environment):
    """manage.py in a new process; empty values hide what a local .env may say."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "weatheralert.settings"} | environment,
        capture_output=True,
        text=True,
    )


def test_local_secrets_are_written_once_for_the_owner_alone(tmp_path):
    path, other = tmp_path / ".env", tmp_path / "other.env"

    assert write_local_environment(path)
    first = path.read_text()
    assert not write_local_environment(path)
    write_local_environment(other)

    assert path.read_text() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_values(path).keys() == read_values(other).keys()
    for secret in ("SECRET_KEY", "ADMIN_PASSWORD"):
        assert read_values(path)[secret] != read_values(other)[secret]


def test_the_local_values_are_enough_to_start(tmp_path):
    write_local_environment(tmp_path / ".env")

    done = manage("check", **read_values(tmp_path / ".env"), VAR_DIR=str(tmp_path))

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_in_production_a_missing_value_stops_the_start_by_name(missing, tmp_path):
    values = {"SECRET_KEY": "x", "ALLOWED_HOSTS": "localhost", "VAR_DIR": str(tmp_path)}

    done = manage("check", **(values | {missing: ""}))

    assert done.returncode != 0
    assert f"{missing} is not set" in done.stderr
    assert ".env.example" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("WEATHER_SOURCE", "crystal_ball", "must be open_meteo or replay, got 'crystal_ball'"),
        ("PREDICTION_FRESH_MINUTES", "soon", "must be a whole number, got 'soon'"),
    ],
)
def test_a_value_that_cannot_be_stops_the_start_by_name(name, value, says, tmp_path):
    values = {"SECRET_KEY": "x", "ALLOWED_HOSTS": "localhost", "VAR_DIR": str(tmp_path)}

    done = manage("check", **(values | {name: value}))

    assert done.returncode != 0
    assert f"{name} {says}" in done.stderr


def test_a_taken_port_is_named_with_the_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CommandError, match=f"Port {port} cannot be used.*PORT={port + 1}"):
            call_command("run_local", port=port)


@pytest.mark.parametrize("text", ["web", "0", "65536", "-1", "8000.5"])
def test_a_port_that_is_none_is_refused(monkeypatch, text):
    monkeypatch.setenv("PORT", text)

    with pytest.raises(CommandError, match="PORT must be a number from 1 to 65535"):
        call_command("run_local")


def test_the_processes_are_the_procfiles_and_the_demo():
    commands = read_commands(ROOT / "Procfile", without=["beat"])

    assert list(commands) == ["web", "worker", "predictor", "demo"]
    assert commands["web"] in (ROOT / "Procfile").read_text()


def test_a_procfile_is_names_with_commands_and_nothing_else():
    text = "# web: old\n\nweb:  serve --port $PORT: 1 \nno command:\nempty:\nclock: A=1 tick\n"

    assert parse_procfile(text) == {"web": "serve --port $PORT: 1 ", "clock": "A=1 tick"}


def test_a_missing_procfile_is_named(tmp_path):
    with pytest.raises(ProcfileError, match=r"There is no Procfile\.other here"):
        read_commands(tmp_path / "Procfile.other", without=[])


def test_an_unknown_process_is_refused_by_name():
    with pytest.raises(ProcfileError, match=r"oracle is no process here\. There are: web,"):
        read_commands(ROOT / "Procfile", without=["oracle"])


def test_the_embedded_server_answers_and_is_gone_afterwards(tmp_path):
    with RedisServer(tmp_path / "redis.log") as server, socket.socket() as client:
        client.connect(("127.0.0.1", server.port))
        client.sendall(b"PING\r\n")
        assert client.recv(16) == b"+PONG\r\n"

    assert server.process.returncode == 0
    assert "ready" in (tmp_path / "redis.log").read_text().lower()


def test_an_embedded_server_that_cannot_start_says_where_to_look(tmp_path):
    server = RedisServer(tmp_path / "redis.log")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", server.port))
        taken.listen()

        with pytest.raises(RedisServerError, match=r"redis\.log.*Set REDIS_URL"), server:
            pass
