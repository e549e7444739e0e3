"""What all tests share."""

from __future__ import annotations

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


# Their tests share nothing but the database, of which each of pytest's processes has its own.
PARALLEL = {
    Path(__file__).parent / name
    for name in (
        "admin",
        "alerting",
        "delivery",
        "domain",
        "engine",
        "forecasting",
        "gazetteer",
        "intake",
        "models",
        "net",
        "pages",
    )
}
ALONE = ("browser", "slow", "system", "tensorflow", "year")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Marked before `-m` chooses."""
    is_free = not any(item.get_closest_marker(name) for name in ALONE)
    if is_free and PARALLEL.intersection(item.path.parents):
        item.add_marker(pytest.mark.parallel)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser last: while it is open an event loop runs, in which Django refuses the database."""
    items.sort(key=lambda item: "tests/browser" in str(item.path))
