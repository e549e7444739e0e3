"""What holds for every page: sound markup, one heading, nothing inline, nothing from elsewhere."""

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.factories import NOON, make_place, make_rule, make_subscription
from tests.pages import scenes
from tests.pages.markup import read
from weatherapp.delivery.tokens import CONFIRM, LEAVE, NEVER_AGAIN, make_token
from weatherapp.models import AlertState

pytestmark = pytest.mark.django_db


LONG_AGO = NOON - timedelta(days=500)


def home_with_everything():
    scenes.make_raised_rule(scenes.make_replay_place(), at=scenes.STORM)
    place = scenes.make_live_place()
    scenes.make_raised_rule(place)
    scenes.end_alert(make_rule(place, name="Wet day"))
    scenes.make_silent_place()
    scenes.make_refused_place()
    scenes.make_failing_place()
    return "/"


def alert_address(state):
    place = scenes.make_live_place()
    if state in (AlertState.ENDED, AlertState.EXPIRED, AlertState.CANCELLED):
        return scenes.end_alert(make_rule(place), state=state).get_absolute_url()
    alert = scenes.make_raised_rule(place)
    type(alert).objects.update(state=state)
    return alert.get_absolute_url()


def token_address(action, purpose, *, at=NOON, **fields):
    token = make_token(make_subscription(make_place(), **fields), purpose, at=at)
    return f"/subscriptions/{token}/{action}"


PAGES = {
    "home without places": lambda: "/",
    "home": home_with_everything,
    "live place": lambda: scenes.make_live_place().get_absolute_url(),
    "replay place": lambda: scenes.make_replay_place().get_absolute_url(),
    "place without anything": lambda: make_place().get_absolute_url(),
    "silent place": lambda: scenes.make_silent_place().get_absolute_url(),
    "refused place": lambda: scenes.make_refused_place().get_absolute_url(),
    "failing place": lambda: scenes.make_failing_place().get_absolute_url(),
    "active alert": lambda: alert_address(AlertState.FIRING),
    "alert without data": lambda: alert_address(AlertState.NO_DATA),
    "ended alert": lambda: alert_address(AlertState.ENDED),
    "expired alert": lambda: alert_address(AlertState.EXPIRED),
    "cancelled alert": lambda: alert_address(AlertState.CANCELLED),
    "check mail": lambda: f"/places/{make_place().pk}/subscribed",
    "confirm": lambda: token_address("confirm", CONFIRM, confirmed_at=None),
    "confirm too late": lambda: token_address("confirm", CONFIRM, at=LONG_AGO, confirmed_at=None),
    "unsubscribe": lambda: token_address("unsubscribe", LEAVE),
    "unsubscribe too late": lambda: token_address("unsubscribe", LEAVE, at=LONG_AGO),
    "never again": lambda: token_address("never-again", NEVER_AGAIN),
    "never again too late": lambda: token_address("never-again", NEVER_AGAIN, at=LONG_AGO),
    "privacy": lambda: "/privacy",
    "about": lambda: "/about",
    "help": lambda: "/help",
    "offline": lambda: "/offline",
    "preferences": lambda: "/preferences",
    "bad link": lambda: "/subscriptions/1:x/confirm",
    "not found": lambda: "/nowhere",
}


@pytest.fixture(scope="module")
def opened():
    """Name -> response: each page is opened once, and read by every test."""
    return {}


@pytest.fixture(params=PAGES)
def response(request, client, opened):
    if request.param not in opened:
        opened[request.param] = client.get(PAGES[request.param]())
    return opened[request.param]


@pytest.fixture
def markup(response):
    return read(response.content.decode())


def test_markup_is_sound(markup):
    assert markup.mistakes == []


def test_page_has_one_heading_a_language_and_a_title(markup):
    assert len(markup.all("h1")) == 1
    assert markup.one("html").attributes["lang"] == "en"
    assert markup.one("main").text.strip()
    assert markup.one("meta", name="viewport")
    assert next(element for element in markup.elements if element.tag == "title").text.strip()


def test_headings_do_not_skip_a_level(markup):
    levels = [
        int(element.tag[1]) for element in markup.elements if element.tag in {"h1", "h2", "h3"}
    ]

    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_nothing_is_inline(markup):
    for element in markup.elements:
        assert element.tag != "style"
        assert not [name for name in element.attributes if name == "style" or name.startswith("on")]
    assert all(script.attributes.get("src") and not script.text for script in markup.all("script"))


def test_nothing_is_loaded_from_another_host(markup):
    loading = [
        element
        for element in markup.elements
        # Two kinds of link name an address for other sites, whole, and load nothing.
        if element.tag != "a" and element.attributes.get("rel") not in ("canonical", "alternate")
    ]
    addresses = [
        element.attributes[name]
        for element in loading
        for name in ("src", "href", "action", "hx-get")
        if name in element.attributes
    ]

    assert addresses
    assert all(address.startswith("/") and not address.startswith("//") for address in addresses)


def test_policy_forbids_what_is_inline(response):
    policy = response["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy


def test_every_drawing_has_a_name_or_is_hidden(markup):
    for svg in markup.all("svg"):
        names = {"aria-label", "aria-labelledby"} & svg.attributes.keys()
        assert names or svg.attributes.get("aria-hidden") == "true"


def test_every_reference_leads_to_an_element(markup):
    ids = {element.attributes.get("id") for element in markup.elements}
    wanted = {
        name
        for element in markup.elements
        for attribute in ("aria-labelledby", "aria-describedby", "for")
        for name in element.attributes.get(attribute, "").split()
    }

    assert wanted <= ids


def test_every_table_names_its_columns_and_rows(markup):
    assert len(markup.all("caption")) == len(markup.all("table"))
    assert all("scope" in cell.attributes for cell in markup.all("th"))


def test_footer_says_what_this_site_is_not(client):
    assert "not a warning authority" in read(client.get("/").content.decode()).one("footer").text


def test_first_thing_to_reach_by_keyboard_is_the_way_to_the_content(client):
    markup = read(client.get("/").content.decode())
    first = next(element for element in markup.elements if element.tag == "a")

    assert first.attributes["href"] == "#content"
    assert markup.one("main").attributes["id"] == "content"
