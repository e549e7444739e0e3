"""`manage.py check --database default` names sources of warnings that can never bring anything."""

from __future__ import annotations

import pytest
from django.core.checks import Tags, run_checks

from tests.official.feeds import make_source
from weatherapp.models import SourceState

pytestmark = pytest.mark.django_db


def check():
    found = run_checks(tags=[Tags.database], databases=["default"])
    return [error for error in found if error.id == "weatherapp.E011"]


@pytest.mark.parametrize(
    "address", ["ftp://example.org/feed", "http://10.0.0.1/feed", "https://user@example.org/"]
)
def test_a_source_that_is_on_at_a_wrong_address_is_named(settings, address):
    settings.NET_ALLOW_PRIVATE = False
    make_source(address="https://example.org/feed", own_address=address)
    (error,) = check()

    assert "xx-met" in error.msg
    assert "switch it off" in error.hint


def test_good_addresses_and_sources_that_are_off_are_let_be(settings):
    settings.NET_ALLOW_PRIVATE = True
    make_source(address="https://example.org/feed")
    make_source(key="xx-own-network", address="http://10.0.0.1/feed")
    make_source(key="xx-off", address="nonsense", state=SourceState.OFF)

    assert check() == []


def test_nothing_asks_the_database_unless_it_is_named(django_assert_num_queries):
    make_source(address="nonsense")
    with django_assert_num_queries(0):
        assert not [error for error in run_checks() if error.id == "weatherapp.E011"]
