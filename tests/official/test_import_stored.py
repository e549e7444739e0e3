"""manage.py import_warnings --store: what the document says becomes rows."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.official.making import NOON, make_cap, make_feed
from tests.official.stored import known_source
from weatherapp.models import (
    OfficialChange,
    OfficialEvent,
    OfficialMessage,
    SourceState,
    WarningSource,
)
from weatherapp.official.storing import take

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path):
    """What is printed about the document."""

    def run(document: str, *options: str) -> str:
        path = tmp_path / "document"
        path.write_text(document)
        printed = io.StringIO()
        at = ("--at", NOON.isoformat())
        call_command("import_warnings", str(path), *at, *options, stdout=printed)
        return printed.getvalue()

    return run


def test_without_store_nothing_is_stored(run, place):
    run(make_cap())

    assert not WarningSource.objects.exists()
    assert not OfficialMessage.objects.exists()


def test_a_document_is_stored_and_told_to_nobody(run, place):
    run(make_cap(), "--store")

    source = WarningSource.objects.get()
    assert (source.key, source.state) == ("by-hand", SourceState.BY_HAND)
    assert OfficialEvent.objects.get().places.get().place == place
    assert OfficialChange.objects.get().is_silent
    # It holds, though nobody asks its source.
    assert take.end_of_sources_off(now=NOON) == 0
    assert not WarningSource.objects.due(NOON).exists()


def test_what_is_printed_is_the_same(run, place):
    said = json.loads(run(make_cap(), "--json"))
    people_read = run(make_cap())

    assert json.loads(run(make_cap(), "--json", "--store")) == said
    assert run(make_cap(), "--store") == people_read


def test_twice_the_same_is_once(run, place):
    run(make_cap(), "--store")
    run(make_cap(), "--store")

    assert OfficialChange.objects.count() == 1
    assert WarningSource.objects.count() == 1


def test_a_source_may_be_named_and_what_it_says_is_told(run, place):
    source = known_source(key="ie-met")
    run(make_cap(), "--store", "--source", "ie-met")

    assert OfficialEvent.objects.get().source == source
    assert OfficialChange.objects.get().awaits_mails


@pytest.mark.parametrize("state", [None, SourceState.OFF], ids=["not there", "off"])
def test_a_source_that_does_not_hold_is_refused(run, place, state):
    if state:
        known_source(key="ie-met", state=state)
    with pytest.raises(CommandError, match="ie-met"):
        run(make_cap(), "--store", "--source", "ie-met")

    assert not OfficialMessage.objects.exists()


def test_a_document_that_breaks_leaves_nothing(run, place):
    body = make_feed(*(f"<entry>{make_cap(name)}</entry>" for name in "abc"))[:-20]
    with pytest.raises(CommandError) as raised:
        run(body, "--store")

    assert raised.value.returncode == 65
    assert not OfficialMessage.objects.exists()
