"""A place in small, for the frames of other sites."""

import pytest

from tests.factories import make_place
from tests.pages import scenes
from tests.pages.markup import read, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return scenes.make_live_place()


def test_the_card_tells_what_matters_and_leads_to_the_page(client, place, settings):
    settings.SITE_URL = "https://weather.example"
    scenes.make_raised_rule(place)

    page = client.get(f"/places/{place.pk}/card")
    markup = read(page.content.decode())

    assert markup.mistakes == []
    assert "Minor Rain soon" in words(page)
    assert "12.0 °C Wind 4.0 m/s" in words(page)
    assert "Rain is likely within the next 6 hours: 72 %" in words(page)
    assert "12:00 10 °C 10 %" in words(page)
    assert "As of 12:00 (UTC)." in words(page)
    assert "CC BY 4.0" in words(page)
    links = [a.attributes for a in markup.all("a")]
    assert links[0]["href"] == f"https://weather.example{place.get_absolute_url()}"
    assert all(one.get("target") == "_blank" for one in links[:2])
    assert "<script" not in page.content.decode()


def test_anybody_may_frame_the_card_and_nobody_the_page(client, place):
    card = client.get(f"/places/{place.pk}/card")
    page = client.get(f"/places/{place.pk}/")

    assert "X-Frame-Options" not in card
    assert "frame-ancestors *" in card["Content-Security-Policy"]
    assert "default-src 'none'" in card["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_a_card_that_is_kept_for_the_next_reader_may_be_framed_as_well(
    client, place, settings, django_assert_num_queries
):
    settings.PAGES_SHARED_SECONDS = 60
    first = client.get(f"/places/{place.pk}/card")
    with django_assert_num_queries(0):
        second = client.get(f"/places/{place.pk}/card")
        third = client.get(f"/places/{place.pk}/card", headers={"If-None-Match": first["ETag"]})

    assert second.content == first.content
    assert third.status_code == 304
    for answer in (second, third):
        assert "X-Frame-Options" not in answer
        assert "frame-ancestors 'none'" not in answer.get("Content-Security-Policy", "")
    assert not first.cookies


def test_a_card_whose_seconds_are_over_may_be_framed_as_well(client, place):
    client.get(f"/places/{place.pk}/card")

    assert "X-Frame-Options" not in client.get(f"/places/{place.pk}/card")


@pytest.mark.parametrize(
    ("theme", "css_class", "scheme"),
    [
        ("", None, "light dark"),
        ("dark", "theme-dark", "dark"),
        ("light", "theme-light", "light"),
        ('"><script>', None, "light dark"),
    ],
)
def test_light_and_dark_by_address_or_as_the_reader_has_it(client, place, theme, css_class, scheme):
    markup = read(client.get(f"/places/{place.pk}/card", {"theme": theme}).content.decode())

    assert markup.one("html").attributes.get("class") == css_class
    assert markup.one("meta", name="color-scheme").attributes["content"] == scheme
    assert markup.all("script") == []


def test_a_place_of_which_nothing_is_known_says_so(client):
    place = make_place()

    assert "No data on the hours to come." in words(client.get(f"/places/{place.pk}/card"))


def test_a_replays_card_says_that_it_is_past(client):
    place = scenes.make_replay_place()

    assert "nothing here is about today" in words(client.get(f"/places/{place.pk}/card"))


def test_no_place_has_no_card(client):
    assert client.get("/places/999/card").status_code == 404


def test_the_page_gives_the_code_to_embed(client, settings):
    settings.SITE_URL = "https://weather.example"
    place = scenes.make_live_place(name='A"><script>')

    page = client.get(place.get_absolute_url())
    code = read(page.content.decode()).one("textarea", id="embed-code").text

    assert f'<iframe src="https://weather.example/places/{place.pk}-ascript/card"' in code
    assert 'title="A&quot;&gt;&lt;script&gt;' in code
