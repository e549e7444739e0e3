"""The home page's sentence: what authorities warn of goes before what is no graver."""

from __future__ import annotations

import pytest

from tests.factories import make_alert, make_place, make_rule
from tests.pages import scenes
from tests.pages.official import heard_source, make_warning

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return scenes.make_live_place(name="Muri", country="IE")


def read_headline(client, language="en"):
    page = client.get("/", headers={"accept-language": language}).content.decode()
    return page.split("<h1", 1)[1].split(">", 1)[1].split("</h1>", 1)[0].strip()


def test_no_alert_is_never_said_above_an_official_warning(client, place):
    make_warning(place, source=heard_source())

    assert read_headline(client) == "Official warning (severe) at Muri: Wind"
    assert read_headline(client, "fr").startswith("Vigilance officielle (")


def test_it_says_at_how_many_places(client, place):
    other = make_place(name="Wohlen")
    make_warning(place, other, source=heard_source())

    assert read_headline(client) == "Official warning (severe) at 2 places: Wind"


@pytest.mark.parametrize(
    ("severity", "begins"), [("Extreme", "Extreme alert at"), ("Minor", "Official warning")]
)
def test_an_alert_of_ours_that_is_graver_goes_before_it(client, place, severity, begins):
    make_warning(place, source=heard_source())
    make_alert(place=place, rule=make_rule(), severity=severity)

    assert read_headline(client).startswith(begins)
