"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from django.core.cache import caches

from tests.publishing.judges import judge_cap
from weatherapp.models.published_message import pack_document
from weatherapp.pages.shared_pages import shared_pages


@pytest.fixture(autouse=True)
def no_page_of_another_test():
    """Its rows may have had the same ids."""
    shared_pages.clear()
    caches["parts"].clear()
    caches["lists"].clear()


@pytest.fixture(autouse=True)
def every_message_is_right(monkeypatch):
    """Whatever a test has the site publish is judged, also where the test looks at something else."""

    def pack_judged(document: bytes) -> bytes:
        judge_cap(document)
        return pack_document(document)

    monkeypatch.setattr("weatherapp.publishing.workflow.pack_document", pack_judged)


# Tests share nothing but the database, of which each of pytest's processes has its own. What starts
# the site's processes mostly waits for them, and needs the memory and the patience of a whole site.
FOLDER = Path(__file__).parent
PAIR_FOLDERS = {FOLDER / name for name in ("browser", "system")}
PAIR = ("pair", "browser", "system")
PAIR_FIXTURES = {"environment"}  # of tests/edge: a web process, and what it needs
DATABASE = {"db", "transactional_db", "django_db_setup"}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Marked before `-m` chooses: one of `parallel`, `pair` and `alone`, and `database`."""
    has_rows = item.get_closest_marker("django_db") or DATABASE.intersection(fixtures_of(item))
    if has_rows:
        item.add_marker(pytest.mark.database)
    if item.get_closest_marker("alone"):
        return
    if not starts_a_site(item):
        item.add_marker(pytest.mark.parallel)
    else:
        # While a browser is open an event loop runs, in which Django refuses the database.
        item.add_marker(pytest.mark.alone if has_rows else pytest.mark.pair)


def starts_a_site(item: pytest.Item) -> bool:
    """Or a good part of one."""
    return (
        any(item.get_closest_marker(name) for name in PAIR)
        or not PAIR_FOLDERS.isdisjoint(item.path.parents)
        or not PAIR_FIXTURES.isdisjoint(fixtures_of(item))
    )


def fixtures_of(item: pytest.Item) -> Iterable[str]:
    """With those that they ask for."""
    return getattr(item, "fixturenames", ())


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes first, so that no process waits for another that has just begun it.

    The browser last: while it is open an event loop runs, in which Django refuses the database.
    """
    items.sort(key=find_turn)


def find_turn(item: pytest.Item) -> int:
    if "tests/browser" in str(item.path):
        return 3
    long = [bool(item.get_closest_marker(name)) for name in ("year", "tensorflow", "system")]
    return [*long, True].index(True)
