"""Whatever changes on a page changes its ETag, and what did not change is not rendered."""

from datetime import timedelta

import pytest

from tests.factories import (
    NOON,
    make_alert,
    make_forecast,
    make_place,
    make_prediction,
    make_readings,
    make_request,
    make_rule,
    rain_soon,
)
from tests.pages import scenes
from tests.pages.official import make_warning
from weatherapp.alerting.rulebook import save_version
from weatherapp.models import ChangeReason, OfficialEvent, Place, RequestState, Rule, RuleState, Tag

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
PAGES = ("home", "place", "alert")


@pytest.fixture
def place():
    place = scenes.make_live_place()
    make_warning(place)
    return place


@pytest.fixture
def alert(place):
    return scenes.make_raised_rule(place)


@pytest.fixture
def addresses(place, alert):
    return {"home": "/", "place": place.get_absolute_url(), "alert": alert.get_absolute_url()}


def rename(place, alert):
    Place.objects.update(name="Dublim")  # as long as before


def fail_fetch(place, alert):
    Place.objects.update(fetch_failed_at=NOON, fetch_error="No answer.", fetch_failures=1)


def fetch(place, alert):
    Place.objects.update(fetched_at=NOON)


def read_again(place, alert):
    make_readings(place, until=NOON - timedelta(days=3), hours=1)
    place.readings.filter(observed_at=NOON).update(received_at=NOON + HOUR, temperature_c=1.0)


def add_reading(place, alert):
    place.readings.filter(observed_at=NOON).delete()
    make_readings(place, hours=1, temperature_c=3.0)


def predict(place, alert):
    place.prediction_requests.all().delete()
    make_prediction(place)


def forecast(place, alert):
    place.source_forecasts.all().delete()
    make_forecast(place, temperature_c=[1.0])


def change_alert(place, alert):
    scenes.add_change(alert, ChangeReason.ESCALATED)


def confirm_alert(place, alert):
    type(alert).objects.update(confirmed_at=NOON + HOUR)


def switch_rule(place, alert):
    Rule.objects.update(is_active=False)


def rename_rule(place, alert):
    Rule.objects.update(name="Rain soom")


def edit_rule(place, alert):
    save_version(alert.rule, rain_soon(threshold=0.9), now=NOON)


def warn(place, alert):
    make_warning(place)


def tell_more(place, alert):
    OfficialEvent.objects.update(changed_at=NOON + HOUR)


CHANGES = [
    (rename, PAGES),
    (fail_fetch, ("home", "place")),
    (fetch, ("home", "place")),
    (read_again, ("home", "place", "alert")),
    (add_reading, PAGES),
    (predict, PAGES),
    (forecast, PAGES),
    (change_alert, PAGES),
    (confirm_alert, PAGES),
    (switch_rule, PAGES),
    (rename_rule, PAGES),
    (edit_rule, PAGES),
    (warn, PAGES),
    (tell_more, PAGES),
]


@pytest.mark.parametrize(
    ("change", "page"),
    [
        pytest.param(change, page, id=f"{change.__name__}-{page}")
        for change, pages in CHANGES
        for page in pages
    ],
)
def test_another_thing_on_the_page_is_another_etag(client, addresses, place, alert, change, page):
    before = client.get(addresses[page])
    change(place, alert)
    after = client.get(addresses[page], headers={"If-None-Match": before["ETag"]})

    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]


@pytest.mark.parametrize("page", PAGES)
def test_the_minute_is_part_of_it(client, addresses, clock, page):
    before = client.get(addresses[page])["ETag"]
    clock(NOON + timedelta(seconds=59))
    same = client.get(addresses[page])["ETag"]
    clock(NOON + timedelta(seconds=60))

    assert same == before
    assert client.get(addresses[page])["ETag"] != before


@pytest.mark.parametrize("page", PAGES)
def test_another_release_is_another_page(client, addresses, settings, page):
    before = client.get(addresses[page])["ETag"]
    settings.COMMIT = "another"

    assert client.get(addresses[page])["ETag"] != before


@pytest.mark.parametrize("page", PAGES)
def test_what_did_not_change_costs_two_queries_at_most(
    client, addresses, page, django_assert_max_num_queries
):
    etag = client.get(addresses[page])["ETag"]

    with django_assert_max_num_queries(2):
        answer = client.get(addresses[page], headers={"If-None-Match": etag})

    assert answer.status_code == 304
    assert answer.content == b""


@pytest.mark.parametrize("address", ["/places/1/", "/alerts/1/"])
def test_what_is_not_there_has_no_version(client, address):
    answer = client.get(address)

    assert answer.status_code == 404
    assert "ETag" not in answer


def test_a_place_sees_what_holds_a_rule_back(client):
    place = make_place()
    rule = make_rule(place)
    before = client.get(place.get_absolute_url())["ETag"]
    RuleState.objects.create(rule=rule, place=place, state="PENDING", since_at=NOON, check_at=NOON)

    assert client.get(place.get_absolute_url())["ETag"] != before


def test_a_place_sees_which_rules_look_at_it(client):
    place, tag = make_place(), Tag.objects.create(name="coast")
    marks = [client.get(place.get_absolute_url())["ETag"]]
    rule = make_rule(tags=(tag,))
    marks.append(client.get(place.get_absolute_url())["ETag"])
    place.tags.add(tag)
    marks.append(client.get(place.get_absolute_url())["ETag"])
    rule.places.add(place)
    marks.append(client.get(place.get_absolute_url())["ETag"])

    assert len(set(marks)) == 4


def test_a_place_sees_what_became_of_its_question(client):
    place = make_place()
    request = make_request(place)
    before = client.get(place.get_absolute_url())["ETag"]
    request.state = RequestState.REFUSED
    request.save()

    assert client.get(place.get_absolute_url())["ETag"] != before


def test_home_sees_a_place_come_and_go_and_a_scene_begin(client):
    marks = [client.get("/")["ETag"]]
    place = make_place()
    marks.append(client.get("/")["ETag"])
    scenes.make_replay_place()
    marks.append(client.get("/")["ETag"])
    Place.objects.filter(pk=place.pk).update(is_active=False)
    marks.append(client.get("/")["ETag"])

    assert len(set(marks)) == 4


def test_another_places_alert_changes_nothing_here(client, place):
    before = client.get(place.get_absolute_url())["ETag"]
    other = make_place(name="Elsewhere")
    make_prediction(other)
    make_readings(other)

    assert client.get(place.get_absolute_url())["ETag"] == before
    make_alert(make_rule(other))
    make_alert(make_rule(place))
    assert client.get(place.get_absolute_url())["ETag"] != before
