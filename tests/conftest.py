"""What all tests share."""

from __future__ import annotations

import pytest
from django.core.cache import caches

from weatherapp.pages.shared_pages import shared_pages


@pytest.fixture(autouse=True)
def no_page_of_another_test():
    """Its rows may have had the same ids."""
    shared_pages.clear()
    caches["parts"].clear()
    caches["lists"].clear()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser last: while it is open an event loop runs, in which Django refuses the database."""
    items.sort(key=lambda item: "tests/browser" in str(item.path))
