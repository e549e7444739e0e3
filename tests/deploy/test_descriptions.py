"""app.json, Dockerfile, compose.yaml, render.yaml and .env.example agree with the code."""

from __future__ import annotations

import json
import re

import pytest

from dyno import process_environment
from tests import ROOT
from weatherapp.operations.local.procfile import parse_procfile

APP = json.loads((ROOT / "app.json").read_text())
PROCESSES = parse_procfile((ROOT / "Procfile").read_text())

# What Heroku's schema of app.json allows (npm @heroku/mcp-server, app-json.schema.json).
APP_KEYS = {
    "addons", "buildpacks", "description", "env", "environments", "formation", "image", "keywords",
    "logo", "name", "repository", "scripts", "stack", "success_url", "website",
}  # fmt: skip
ENV_KEYS = {"description", "value", "required", "generator"}
SIZES = {"eco", "basic", "standard-1x", "standard-2x", "performance-m", "performance-l"}
ON_DEMAND = {"sender"}


def read(name: str) -> str:
    return (ROOT / name).read_text()


def test_app_json_holds_only_what_heroku_knows():
    assert set(APP) <= APP_KEYS
    for name, entry in APP["env"].items():
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*", name)
        assert set(entry) <= ENV_KEYS
        assert isinstance(entry.get("value", ""), str)
    for entry in APP["formation"].values():
        assert set(entry) == {"quantity", "size"}
        assert entry["size"] in SIZES


def test_app_json_brings_database_redis_and_a_secret():
    kinds = {addon.partition(":")[0] for addon in APP["addons"]}

    assert kinds == {"heroku-postgresql", "heroku-redis"}
    assert APP["env"]["SECRET_KEY"]["generator"] == "secret"
    assert APP["buildpacks"] == [{"url": "heroku/python"}]


def test_every_process_of_the_procfile_is_deployed_everywhere():
    running = set(PROCESSES) - {"release"}

    assert set(APP["formation"]) == running
    for name in PROCESSES:
        assert f"command: [{name}]" in read("compose.yaml")
    for name in PROCESSES.keys() - ON_DEMAND:  # Render knows no service with no instance
        assert re.search(rf"Command: bin/process {name}$", read("render.yaml"), re.M)


def test_who_deploys_the_site_gets_nothing_that_is_only_for_who_scales():
    assert {name for name, entry in APP["formation"].items() if entry["quantity"] == 0} == ON_DEMAND
    assert "profiles: [sender]" in read("compose.yaml")


@pytest.mark.parametrize(("name", "value"), process_environment.ENVIRONMENT.items())
def test_processes_are_kept_small_however_they_are_started(name, value):
    assert APP["env"][name]["value"] == value
    assert re.search(rf"\b{name}={value}( |$)", read("Dockerfile"), re.M)
    assert f'{{key: {name}, value: "{value}"}}' in read("render.yaml")


def test_the_image_runs_as_nobody_in_particular():
    lines = read("Dockerfile").splitlines()

    assert "USER site" in lines
    assert lines.index("USER site") > max(
        number for number, line in enumerate(lines) if line.startswith(("RUN", "COPY"))
    )


def test_secrets_and_local_files_stay_out_of_the_image():
    ignored = read(".dockerignore").split()

    assert {".env", ".git", "var", "tests"} <= set(ignored)


def test_every_variable_that_is_read_is_in_the_example():
    read_names = set()
    for source in ("weatheralert/settings.py", "predictor/config.py", "dyno"):
        path = ROOT / source
        for file in [path] if path.is_file() else path.glob("*.py"):
            read_names |= set(
                re.findall(
                    r'(?:env\.\w+|text|number|words|address|required|_read\w*|environ\.get)\(\s*"([A-Z_]+)"',
                    file.read_text(),
                )
            )
    named = set(re.findall(r"^#? ?([A-Z_]+)=", read(".env.example"), re.M))

    assert "PREDICTOR_RUNTIME" in read_names
    from_platform = {name for name in read_names if name.startswith("HEROKU_")} | {"DYNO"}
    assert read_names - from_platform - {"VAR_DIR"} <= named
