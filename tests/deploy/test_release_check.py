"""The release line's check with the environment that each description gives."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT
from weatherapp.operations.local.procfile import parse_procfile

pytestmark = pytest.mark.slow

SECRET = "Tr0ub4dor-3-and-a-lot-more-that-nobody-can-guess-0123456789"
CHECK = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
# What an operator fills in everywhere.
FILLED_IN = {
    "ALLOWED_HOSTS": "weather.example.org",
    "EMAIL_URL": "smtp+tls://me:pw@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "alerts@example.org",
}
POSTGRES, REDIS = "postgres://u:p@db/x", "redis://redis:6379/0"
UNFORGETTABLE = {"EMAIL_URL": "E001", "DATABASE_URL": "E002", "REDIS_URL": "E003"}


def heroku():
    """app.json: values, a generated secret, what the form asks for, and what add-ons set."""
    entries = json.loads((ROOT / "app.json").read_text())["env"]
    asked = {name: FILLED_IN[name] for name, entry in entries.items() if entry.get("required")}
    values = {name: entry["value"] for name, entry in entries.items() if "value" in entry}
    addons = {"DATABASE_URL": POSTGRES, "REDIS_URL": "rediss://:p@redis:6380", "DYNO": "release.1"}
    return {"SECRET_KEY": SECRET, **values, **asked, **addons}


def render():
    text = (ROOT / "render.yaml").read_text()
    values = dict(re.findall(r"\{key: (\w+), value: \"?([^\"}]+)\"?\}", text))
    asked = {name: FILLED_IN[name] for name in re.findall(r"\{key: (\w+), sync: false\}", text)}
    given = {"SECRET_KEY": SECRET, "DATABASE_URL": POSTGRES, "REDIS_URL": REDIS}
    assert set(given) <= set(re.findall(r"\{key: (\w+), (?:generate|from)", text))
    return {**values, **asked, **given}


def compose():
    """.env.example's required part, filled in, and what compose.yaml sets itself."""
    required = (ROOT / ".env.example").read_text().partition("# --- The site ---")[0]
    names = re.findall(r"^([A-Z_]+)=", required, re.M)
    filled = {name: {**FILLED_IN, "SECRET_KEY": SECRET}.get(name, "") for name in names}
    assert "DATABASE_URL: postgres://" in (ROOT / "compose.yaml").read_text()
    return filled | {"DATABASE_URL": POSTGRES, "REDIS_URL": REDIS}


def systemd(folder="/srv/weatheralert/var"):
    """/etc/weatheralert.env of docs/deploy.md."""
    text = (ROOT / "docs" / "deploy.md").read_text()
    (block,) = re.findall(r"```ini\n# /etc/weatheralert\.env\n(.*?)```", text, re.S)
    values = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
    values["DATABASE_URL"] = values["DATABASE_URL"].replace("/srv/weatheralert/var", str(folder))
    return {**values, "SECRET_KEY": SECRET}


# A developer's own .env must not help: an empty value counts as not set, and wins over the file.
NOTHING_SAID = dict.fromkeys(
    re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M), ""
)
DESCRIPTIONS = [heroku, render, compose, systemd]


def run(words, environment, folder):
    return subprocess.run(
        words,
        cwd=ROOT,
        env={
            **NOTHING_SAID,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "VAR_DIR": str(folder),
            **environment,
        },
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("describe", DESCRIPTIONS)
def test_the_check_passes_where_the_description_was_followed(describe, tmp_path):
    done = run([sys.executable, *CHECK], describe(), tmp_path)

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("describe", DESCRIPTIONS)
def test_the_check_fails_with_a_name_for_each_thing_that_is_forgotten(describe, tmp_path):
    environment = {name: value for name, value in describe().items() if name not in UNFORGETTABLE}
    done = run([sys.executable, *CHECK], environment, tmp_path)

    assert done.returncode != 0
    assert re.findall(r"\(weatherapp\.(E\d+)\)", done.stderr) == sorted(UNFORGETTABLE.values())


def test_what_is_meant_can_be_said(tmp_path):
    environment = {"SECRET_KEY": SECRET, **FILLED_IN, "ALLOWED_HOSTS": "*", "EMAIL_URL": ""}
    meant = {
        "SILENCED_CHECKS": "weatherapp.E001,weatherapp.E002, weatherapp.E003,weatherapp.E004",
        "SITE_URL": "https://weather.example.org",
    }
    done = run([sys.executable, *CHECK], environment | meant, tmp_path)

    assert done.returncode == 0, done.stderr


def test_plain_http_can_be_meant_as_the_hint_says(tmp_path):
    environment = compose() | {"SITE_URL": "http://weather.example.org"}
    refused = run([sys.executable, *CHECK], environment, tmp_path)
    (silenced,) = re.findall(r"SILENCED_CHECKS=(\S+)", refused.stderr)

    done = run([sys.executable, *CHECK], environment | {"SILENCED_CHECKS": silenced}, tmp_path)

    assert refused.returncode != 0
    assert done.returncode == 0, done.stderr


def test_the_procfiles_release_runs_this_check():
    for name in ("Procfile", "Procfile.single"):
        line = parse_procfile((ROOT / name).read_text())["release"]
        assert " ".join(["python", *CHECK]) in line


def test_the_whole_release_of_a_single_machine_runs_to_its_end(tmp_path):
    environment = systemd(tmp_path) | {"PROCFILE": "Procfile.single"}
    done = run([ROOT / "bin" / "process", "release"], environment, tmp_path)

    assert done.returncode == 0, done.stderr + done.stdout
    assert stat.S_IMODE((tmp_path / "site.sqlite3").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "words", [["collectstatic", "--no-input", "--dry-run"], ["check"]], ids=["image", "check"]
)
def test_a_build_needs_nothing_but_a_secret_and_a_host(words, tmp_path):
    build = {"SECRET_KEY": "only-to-collect", "ALLOWED_HOSTS": "localhost"}
    done = run([sys.executable, "manage.py", *words], build, tmp_path)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://u:hunter2/hunter2@db/x"),
        ("EMAIL_URL", "smtp://u:hunter2/hunter2@mail:25"),
    ],
)
def test_a_url_that_cannot_be_read_is_named_and_not_shown(name, value, tmp_path):
    done = run([sys.executable, *CHECK], compose() | {name: value}, tmp_path)

    assert done.returncode != 0
    assert f"{name} is no URL that can be read" in done.stderr
    assert "hunter2" not in done.stderr
