"""What each process loads, seen from a fresh interpreter."""

import json
import subprocess
import sys

import pytest

from tests import ROOT

WATCHED = ("tensorflow", "keras", "numpy", "ai_edge_litert", "weatherapp.models", "django.conf")

WORKER = "from weatheralert.celery import app; app.loader.import_default_modules()"
PREDICTOR = "from predictor.worker import app; app.loader.import_default_modules()"
CLI = "import celery.bin.celery, celery.bin.beat, celery.beat, kombu.transport.redis;"


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
        # "django.conf" stands for Django at work: kombu imports a helper of Django wherever the
        # package is installed.
        pytest.param(
            "import weatheralert.wsgi; from django.urls import resolve; resolve('/')",
            {"weatherapp.models", "django.conf"},
            id="web",
        ),
        pytest.param(CLI + WORKER, {"weatherapp.models", "django.conf"}, id="worker"),
        pytest.param(CLI + "import weatheralert.beat", set(), id="beat"),
        pytest.param(CLI + PREDICTOR, set(), id="predictor before its first request"),
    ],
)
def test_a_process_loads_only_what_it_may(entry, expected):
    assert loaded(entry) == expected


def test_the_audit_sees_what_is_loaded():
    assert loaded("import numpy") == {"numpy"}
