"""The sentence that says it all: the home page's heading, which is its title as well."""

from datetime import timedelta

import pytest

from tests.factories import NOON, make_alert, make_place, make_prediction, make_readings, make_rule
from tests.pages import scenes
from tests.pages.markup import read
from weatherapp.models import AlertState

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def headline(client, address="/"):
    """What the heading and the title both say."""
    markup = read(client.get(address).content.decode())
    said = " ".join(markup.one("h1").text.split())
    assert said in " ".join(markup.one("title").text.split())
    return said


def title(client):
    return read(client.get("/").content.decode()).one("title").text


def raise_alert(name="Dublin", **fields):
    place = scenes.make_live_place(name=name, **fields.pop("of_place", {}))
    return make_alert(make_rule(place, name=fields.pop("rule", "Heavy rain")), **fields)


def test_no_places(client):
    assert headline(client) == "No places yet"


def test_one_alert_names_its_place_what_and_until_when(client):
    raise_alert(severity="Severe", ends_at=NOON + 10 * HOUR)

    assert headline(client) == "Severe alert at Dublin: Heavy rain until 22:00"
    assert title(client).startswith("(1) ")


def test_an_alert_of_tomorrow_says_from_when_to_when_and_on_which_day(client):
    raise_alert(onset_at=NOON + 20 * HOUR, ends_at=NOON + 22 * HOUR)

    assert headline(client) == "Minor alert at Dublin: Heavy rain from Fri 08:00 to Fri 10:00"


def test_an_alert_whose_end_nobody_knows_says_since_when(client):
    raise_alert(ends_at=None)

    assert headline(client) == "Minor alert at Dublin: Heavy rain since 12:00"


def test_several_places_are_counted_by_the_worst_severity(client):
    raise_alert("Athlone", severity="Moderate")
    raise_alert("Cork", severity="Severe", onset_at=NOON + HOUR)
    raise_alert("Dublin", severity="Severe")

    assert headline(client) == (
        "2 places have severe alerts; Heavy rain at Dublin until 18:00"
    )  # fmt: skip
    assert title(client).startswith("(3) ")


def test_times_of_places_in_several_zones_say_whose(client):
    raise_alert()
    scenes.make_live_place(name="Kathmandu", time_zone="Asia/Kathmandu")

    assert headline(client) == "Minor alert at Dublin: Heavy rain until 18:00 UTC"


def test_alerts_that_nothing_confirms_are_not_called_alerts_of_now(client):
    raise_alert(state=AlertState.NO_DATA, severity="Extreme")

    assert headline(client) == "1 alert has no data to confirm it"


def test_a_quiet_site_says_where_rain_is_likely(client):
    scenes.make_live_place()
    make_prediction(make_place(name="Cork"), probability_any_6h=0.1)

    assert headline(client) == "No alerts. Rain is likely at 1 of 2 places"
    assert title(client).startswith("No alerts.")


def test_a_dry_site_says_so_only_of_places_that_it_knows_of(client):
    for name in ("Dublin", "Cork"):
        place = make_place(name=name)
        make_prediction(place, probability_any_6h=0.1)
    everywhere = headline(client)
    make_place(name="Silent")

    assert everywhere == "No alerts. Rain is not likely at any place"
    assert headline(client) == "No alerts. Rain is not likely at 2 of 3 places"


def test_without_any_data_nobody_says_that_there_are_no_alerts(client):
    place = make_place()
    silent = headline(client)
    make_readings(place)

    assert silent == "No data: whether there are alerts is not known"
    assert headline(client) == "No alerts, and no data on rain"


def test_the_only_place_is_not_counted(client):
    make_prediction(make_place(), probability_any_6h=0.1)

    assert headline(client) == "No alerts. Rain is not likely"


def test_names_are_escaped(client):
    raise_alert("<b>Dublin</b>", rule="<i>Rain</i>")

    page = client.get("/").content

    assert b"<b>Dublin" not in page
    assert b"<i>Rain" not in page


def test_it_is_the_same_on_every_page_of_places_and_in_a_search(client):
    for number in range(25):
        make_place(name=f"Place {number:02}")
    raise_alert("Worst", severity="Extreme")

    first = headline(client)

    assert first == "Extreme alert at Worst: Heavy rain until 18:00"
    assert headline(client, "/?page=2") == first
    assert headline(client, "/?q=Place") == first
