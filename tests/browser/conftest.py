"""A real browser before the real site, whose demo has been played to its present."""

from __future__ import annotations

import os

import pytest

from tests.browser import axe
from tests.browser.chromium import SILENT, find_chromium
from tests.browser.official import store_official_warnings
from tests.system.played import running_played_demo


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session", autouse=True)
def what_is_needed():
    """Not in CI, where a test that is skipped proves nothing."""
    if "CI" not in os.environ and not (find_chromium() and axe.SOURCE.exists()):
        pytest.skip("needs Chromium and npm's packages: `make browser` installs both where it may")


@pytest.fixture(scope="session")
def demo(tmp_path_factory, worker_id, what_is_needed):
    """Each of pytest's processes has its own."""
    of_process = tmp_path_factory.getbasetemp()
    of_all = of_process if worker_id == "master" else of_process.parent
    with running_played_demo(tmp_path_factory.mktemp("site"), of_all) as site:
        store_official_warnings(site)
        yield site


@pytest.fixture(scope="session")
def base_url(demo):
    """Where the browser's addresses begin."""
    return f"http://localhost:{demo.port}"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": find_chromium(), "args": [*SILENT]}


@pytest.fixture(scope="session")
def staff_state(browser, base_url):
    """Cookies of an operator who has logged in once, for any number of contexts."""
    with browser.new_context(base_url=base_url) as context:
        page = context.new_page()
        page.goto("/admin/")
        page.get_by_label("Username").fill("admin")
        page.get_by_label("Password").fill("tests-only")
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("button", name="Log out").wait_for()
        return context.storage_state()
