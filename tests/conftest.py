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
