"""An open page of an alert follows what happens to it, and says it in its title and aloud."""

from datetime import timedelta

import pytest

from tests.factories import NOON, make_alert, make_rule
from tests.pages import scenes
from tests.pages.markup import read
from tests.pages.test_live_refresh import HTMX, poll_address
from weatherapp.models import Alert, AlertState, ChangeReason

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert():
    return scenes.make_raised_rule(scenes.make_live_place())


def open_page(client, alert):
    return client.get(f"/alerts/{alert.pk}/")


def poll(client, page):
    return client.get(poll_address(page), headers=HTMX)


def title_of(response):
    """The first title is the page's: htmx looks for no other, and charts have titles, too."""
    return read(response.content.decode()).all("title")[0].text


def end(alert):
    scenes.add_change(alert, ChangeReason.CLEARED, state=AlertState.ENDED, value=0.2)
    Alert.objects.filter(pk=alert.pk).update(state=AlertState.ENDED, ended_at=NOON)


def test_nothing_is_sent_while_nothing_changes(client, alert):
    assert poll(client, open_page(client, alert)).status_code == 204


def test_time_that_passes_is_shown_and_not_announced(client, alert, clock):
    page = open_page(client, alert)
    clock(NOON + timedelta(minutes=5))
    part = poll(client, page)

    assert "Last confirmed 5\xa0minutes ago." in part.content.decode().replace(
        '<time datetime="2026-01-01T12:00Z">', ""
    ).replace("</time>", "")
    assert 'id="announcements"' not in part.content.decode()


def test_its_end_is_told_by_title_state_and_voice(client, alert):
    page = open_page(client, alert)
    end(alert)
    part = poll(client, page)
    html = part.content.decode()

    assert title_of(page).startswith("Rain soon, Dublin: Minor, Now ")
    assert title_of(part).startswith("Rain soon, Dublin: Minor, Ended ")
    assert html.lstrip().startswith("<title>")
    assert "It is over. At its worst it was Minor." in html
    assert read(html).one("p", id="announcements").text == "Alert over: Rain soon, Dublin, ended."


def test_what_is_over_asks_no_more(client, alert):
    end(alert)

    assert "hx-get" not in open_page(client, alert).content.decode()


def test_only_its_own_changes_are_announced(client, alert):
    page = open_page(client, alert)
    make_alert(make_rule(alert.place, name="Other"), alert.place)
    part = poll(client, page)

    assert part.status_code == 200
    assert 'id="announcements"' not in part.content.decode()


def test_charts_and_details_keep_their_focus_and_state_by_id(client, alert):
    markup = read(open_page(client, alert).content.decode())

    assert markup.mistakes == []
    assert all("id" in one.attributes for one in markup.all("details") + markup.all("summary"))


@pytest.mark.parametrize("address", ["/", "/places/{pk}/"])
@pytest.mark.parametrize(
    ("severity", "region"),
    [
        ("Minor", "announcements"),
        ("Moderate", "announcements"),
        ("Severe", "urgent-announcements"),
        ("Extreme", "urgent-announcements"),
    ],
)
def test_only_a_new_grave_alert_may_interrupt(client, alert, address, severity, region):
    page = client.get(address.format(pk=alert.place.pk))
    make_alert(make_rule(alert.place, name="Storm"), severity=severity)
    markup = read(poll(client, page).content.decode())
    regions = [one for one in markup.all("p") if one.attributes.get("hx-swap-oob")]

    assert [one.attributes["id"] for one in regions] == [region]
    assert regions[0].text == f"New alert: Storm, Dublin, {severity}."
    (counted,) = [one for one in markup.all("span") if "data-new-alerts" in one.attributes]
    assert counted.attributes["data-new-alerts"] == "1"


def test_a_grave_alert_that_changes_does_not_interrupt(client, alert):
    page = client.get("/")
    scenes.add_change(alert, ChangeReason.ESCALATED, severity="Extreme")
    html = poll(client, page).content.decode()

    assert "Alert changed: Rain soon, Dublin, more severe, Extreme." in html
    assert "urgent-announcements" not in html
    assert 'data-new-alerts="0"' in html


def test_many_grave_alerts_are_cut_short_in_one_region(client, alert):
    page = client.get("/")
    for number in range(5):
        make_alert(make_rule(alert.place, name=f"Storm {number}"), severity="Severe")
    markup = read(poll(client, page).content.decode())
    urgent = markup.one("p", id="urgent-announcements").text

    assert urgent.count("New alert") == 3
    assert urgent.endswith("There is more on the page.")
    assert markup.all("p", id="announcements") == []


def test_page_holds_an_empty_region_for_what_is_urgent(client, alert):
    region = read(client.get("/").content.decode()).one("p", id="urgent-announcements")

    assert region.attributes["role"] == "alert"
    assert region.text == ""
