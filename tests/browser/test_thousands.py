"""10,000 places: found, paged and mapped, on pages as light as those of ten."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.system.site import Site

MAKE = """
from tests.factories import make_place
from weatherapp.models import Place
first = make_place(name="Place 00000")
columns = [f.name for f in Place._meta.concrete_fields if f.name not in ("id", "name", "latitude", "longitude")]
shared = {name: getattr(first, name) for name in columns}
Place.objects.bulk_create(
    [
        Place(name=f"Place {n:05}", latitude=-60 + n % 1300 / 10, longitude=-179 + n * 37 % 3580 / 10, **shared)
        for n in range(1, 10_000)
    ],
    batch_size=500,
)
"""
MOST_BYTES = 60_000


@pytest.fixture(scope="module")
def large(tmp_path_factory, what_is_needed):
    with Site(tmp_path_factory.mktemp("large"), WEATHER_SOURCE="open_meteo").running(
        "worker", "beat", "predictor"
    ) as site:
        site.command("shell", "-c", MAKE)
        yield site


@pytest.fixture
def reader(browser, large):
    with browser.new_context(base_url=f"http://localhost:{large.port}") as context:
        yield context.new_page()


@pytest.mark.parametrize("path", ["/", "/map"])
def test_a_page_of_thousands_is_light(reader, path):
    sizes = []
    reader.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    reader.goto(path, wait_until="networkidle")

    assert 0 < sum(sizes) <= MOST_BYTES


def test_one_is_found_by_its_name(reader):
    reader.goto("/")
    reader.get_by_role("searchbox").fill("Place 07321")
    reader.get_by_role("searchbox").press("Enter")

    reader.get_by_role("link", name="Place 07321").first.click()
    expect(reader.get_by_role("heading", level=1)).to_contain_text("Place 07321")


def test_the_others_are_a_page_further(reader):
    reader.goto("/")
    reader.get_by_role("link", name="Next").click()

    expect(reader).to_have_url(re.compile("page=2"))
