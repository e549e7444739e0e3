"""What is around every page: head, header, footer; and the pages that explain."""

from __future__ import annotations

import pytest

from tests.factories import make_place
from tests.pages import scenes
from tests.pages.markup import read, words

pytestmark = pytest.mark.django_db


def show(client, address, **headers):
    return read(client.get(address, headers=headers).content.decode())


def test_head_tells_other_sites_the_address_and_the_title(client, settings):
    settings.SITE_URL = "https://weather.example"
    page = show(client, "/help?lang=en&utm=x")
    title = next(element for element in page.elements if element.tag == "title").text

    assert page.one("link", rel="canonical").attributes["href"] == "https://weather.example/help"
    assert page.one("meta", property="og:title").attributes["content"] == title
    assert page.one("meta", property="og:url").attributes["content"].endswith("/help")
    described = page.one("meta", name="description").attributes["content"]
    assert described == page.one("meta", property="og:description").attributes["content"]
    alternates = {link.attributes["hreflang"] for link in page.all("link", rel="alternate")}
    assert alternates == {"en", "fr", "x-default"}


def test_a_name_of_quotes_breaks_no_head(client, settings):
    settings.SITE_NAME = 'The "wet" <site>'
    page = show(client, "/about")

    assert page.mistakes == []
    assert page.one("meta", property="og:title").attributes["content"] == 'About The "wet" <site>'


@pytest.mark.parametrize(("address", "text"), [("/", "Places"), ("/help", "Help")])
def test_the_menu_marks_where_one_is(client, address, text):
    marked = show(client, address).all("a", **{"aria-current": "page"})

    assert marked[0].text == text
    assert {element.attributes["href"] for element in marked} == {address}


def test_the_other_language_is_named_in_itself_and_leads_to_the_same_page(client):
    link = show(client, "/help").one("a", hreflang="fr")

    assert (link.text, link.attributes["lang"]) == ("Français", "fr")
    assert link.attributes["href"] == "/help?lang=fr"
    assert show(client, "/help", **{"Accept-Language": "fr"}).one("a", hreflang="en").text == (
        "English"
    )


@pytest.mark.parametrize("address", ["/", "/help", "/status", "/nowhere"])
def test_footer_leads_to_what_explains_the_site(client, address):
    links = {link.attributes.get("href") for link in show(client, address).all("a")}

    assert {"/about", "/help", "/status", "/privacy"} <= links


def test_error_page_asks_the_database_nothing(client, django_assert_num_queries):
    scenes.make_live_place()
    with django_assert_num_queries(0):
        page = client.get("/nowhere")

    assert page.status_code == 404
    assert "Page not found" in words(page)


def test_error_page_is_in_the_readers_language_and_not_for_search_engines(client):
    page = show(client, "/nowhere", **{"Accept-Language": "fr"})

    assert page.one("html").attributes["lang"] == "fr"
    assert page.one("meta", name="robots").attributes["content"] == "noindex"
    assert page.all("link", rel="canonical") == []


def test_about_names_each_source_as_its_licence_asks(client):
    page = words(client.get("/about"))

    for name in ("Open-Meteo.com", "CC BY 4.0", "NOAA", "GeoNames", "Natural Earth", "Met Éireann"):
        assert name in page
    assert "not a warning authority" in page


def test_about_names_whom_to_write_to(client, settings):
    settings.CONTACT_EMAIL = "help+site@example.org"

    assert show(client, "/about").one("a", href="mailto:help%2Bsite@example.org")


def test_help_draws_seven_of_ten(client):
    page = show(client, "/help")
    dots = [one.attributes.get("class", "").split() for one in page.all("circle")]

    assert sum("dot" in names for names in dots) == 10
    assert len(page.all("circle", **{"class": "dot dot-filled"})) == 7
    assert "70 %: of ten times" in words(client.get("/help"))


def test_help_has_an_anchor_for_each_entry_of_its_contents(client):
    page = show(client, "/help")
    ids = {element.attributes.get("id") for element in page.elements}
    wanted = {
        link.attributes["href"][1:]
        for link in page.all("a")
        if link.attributes["href"].startswith("#")
    }

    assert len(wanted) > 5
    assert wanted <= ids
    assert {"term-brier-score", "term-lead-time", "term-severity"} <= ids


def test_help_says_amounts_in_the_readers_units(client):
    assert "at least 0.1 mm" in words(client.get("/help"))
    assert "at least 0.1 mm" not in words(client.get("/help", headers={"Cookie": "units=us"}))


@pytest.mark.parametrize("address", ["/about", "/help", "/privacy", "/offline"])
def test_pages_that_explain_set_no_cookie(client, address):
    make_place()

    assert not client.get(address).cookies
    assert client.post(address).status_code == 405
