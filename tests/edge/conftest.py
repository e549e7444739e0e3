from __future__ import annotations

import pytest

from tests.edge.web import make_environment, prepare, running_web
from weatherapp.operations.local.redis_server import RedisServer


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/edge" in str(item.path) and "environment" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.system)


@pytest.fixture(scope="session")
def environment(tmp_path_factory):
    """Of a site with its tables, its static files and a Redis server."""
    folder = tmp_path_factory.mktemp("site")
    with RedisServer(folder / "redis.log") as redis:
        environment = make_environment(folder, REDIS_URL=redis.url)
        prepare(environment)
        yield environment


@pytest.fixture(scope="module")
def web(environment, tmp_path_factory):
    """The web process, and no other."""
    with running_web(tmp_path_factory.mktemp("web"), environment) as web:
        yield web
