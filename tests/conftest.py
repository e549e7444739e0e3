"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from django.core.cache import caches

from weatherapp.pages.shared_pages import shared_pages


@pytest.fixture(autouse=True)
def no_page_of_another_test():
    """Its rows may have had the same ids."""
    shared_pages.clear()
    caches["parts"].clear()
    caches["lists"].clear()


# Tests share nothing but the database, of which each of pytest's processes has its own. Of what is
# marked so, or needs the site's real processes, the times and the memory are looked at, too.
FOLDER = Path(__file__).parent
ALONE_FOLDERS = {FOLDER / name for name in ("browser", "edge", "system")}
ALONE = ("alone", "browser", "system")
DATABASE = {"db", "transactional_db", "django_db_setup"}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Marked before `-m` chooses."""
    is_free = not any(item.get_closest_marker(name) for name in ALONE)
    if is_free and not ALONE_FOLDERS.intersection(item.path.parents):
        item.add_marker(pytest.mark.parallel)
    if item.get_closest_marker("django_db") or DATABASE.intersection(fixtures_of(item)):
        item.add_marker(pytest.mark.database)


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
    long = [bool(item.get_closest_marker(name)) for name in ("year", "tensorflow")]
    return [*long, True].index(True)
