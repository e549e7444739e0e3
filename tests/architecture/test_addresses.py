"""Addresses stand in one list: what answers them, and what only writes them."""

import subprocess
import sys

import pytest
from django.urls import get_resolver, reverse

from tests import ROOT
from weatherapp.addresses import ADDRESSES
from weatherapp.api.by_address import VIEWS as API_VIEWS
from weatherapp.pages.urls import VIEWS

WORKER = """
from weatheralert.celery import app
app.loader.import_default_modules()
from celery import signals
signals.worker_init.send(sender=None)
from django.urls import reverse
print(reverse("alert", args=["1-x"]))
import sys
print([name for name in ("weatheralert.urls", "weatherapp.pages.urls") if name in sys.modules])
"""


def test_each_address_has_a_view_and_each_view_an_address():
    assert set(ADDRESSES) == set(VIEWS) | set(API_VIEWS)
    assert set(VIEWS).isdisjoint(API_VIEWS)


def test_whoever_only_writes_addresses_writes_the_same():
    names = [
        name for name in get_resolver("weatherapp.addresses").reverse_dict if isinstance(name, str)
    ]

    assert set(names) == set(ADDRESSES)
    assert reverse("place", args=[1], urlconf="weatherapp.addresses") == reverse("place", args=[1])


@pytest.mark.slow
def test_a_worker_writes_addresses_without_a_view():
    environment = {"SECRET_KEY": "tests-only", "ALLOWED_HOSTS": "localhost", "PATH": ""}
    environment["DATABASE_URL"] = "sqlite://:memory:"
    done = subprocess.run(
        [sys.executable, "-c", WORKER], cwd=ROOT, env=environment,
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.splitlines() == ["/alerts/1-x/", "[]"]
