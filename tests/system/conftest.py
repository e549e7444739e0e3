from __future__ import annotations

import pytest

from tests.system.reader import Reader
from tests.system.site import Site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/system" in str(item.path):
            item.add_marker(pytest.mark.system)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def demo(folder):
    """The site with its demo played to the scene's present, before the eyes of a subscriber."""
    with Site(folder).running() as site:
        with Reader(site) as reader:
            reader.subscribe(place_id=1)
        site.wait_for_demo()
        yield site


@pytest.fixture
def reader(demo):
    with Reader(demo) as reader:
        yield reader
