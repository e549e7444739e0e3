"""Pages of lists: they meet without a gap, whatever comes in meanwhile; filters; searches."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import (
    NOON,
    make_alert,
    make_place,
    make_prediction,
    make_readings,
    make_rule,
    storm_gusts,
)
from weatherapp.models import AlertState, Tag

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def follow(program, response):
    """The next page, which the body and the Link header name alike."""
    address = response.json()["next"]
    if address is None:
        assert "Link" not in response
        return None
    assert response["Link"] == f'<{address}>; rel="next"'
    return program.get(address.removeprefix("http://testserver/api/v1"))


def read_all(program, path, between=lambda: None):
    pages, response = [], program.get(path)
    while response is not None:
        assert response.status_code == 200
        pages.append(response.json()["items"])
        between()
        response = follow(program, response)
    return pages


def test_pages_meet_and_what_comes_in_moves_nothing(program):
    rule = make_rule(says=storm_gusts())
    alerts = [make_alert(rule, make_place(name=f"Place {n}")) for n in range(5)]
    new = iter(range(100))

    def raise_another():
        make_alert(rule, make_place(name=f"New {next(new)}"))

    pages = read_all(program, "/alerts?limit=2", raise_another)

    assert [len(page) for page in pages] == [2, 2, 1]
    told = [alert["id"] for page in pages for alert in page]
    assert told == [str(alert.public_id) for alert in reversed(alerts)]


def test_what_is_gone_meanwhile_breaks_no_page(program):
    places = [make_place(name=f"Place {n}") for n in range(5)]
    first = program.get("/places?limit=2")
    places[1].delete()
    places[2].delete()

    second = follow(program, first)

    assert [place["name"] for place in second.json()["items"]] == ["Place 3", "Place 4"]
    assert follow(program, second) is None


def test_a_page_that_is_just_full_is_the_last(program):
    for n in range(4):
        make_place(name=f"Place {n}")

    assert [len(page) for page in read_all(program, "/places?limit=2")] == [2, 2]
    assert read_all(program, "/places?limit=200&q=nowhere") == [[]]


def test_readings_page_by_time_and_late_ones_move_nothing(program):
    place = make_place()
    make_readings(place, hours=5)
    late = iter(range(1, 100))

    def one_more():
        make_readings(place, until=NOON - 20 * HOUR - next(late) * HOUR, hours=1)

    pages = read_all(
        program, f"/places/{place.pk}/readings?limit=2&since=2026-01-01T00:00:00Z", one_more
    )

    assert [at["at"][11:13] for page in pages for at in page] == ["12", "11", "10", "09", "08"]


def test_near_a_position_the_nearest_come_first_page_by_page(program):
    for name, latitude in (("C", 53.8), ("A", 53.4), ("B", 53.6), ("Far", 55.0)):
        make_place(name=name, latitude=latitude, longitude=-6.26)
    make_place(name="Off", latitude=53.36, longitude=-6.26, is_active=False)

    pages = read_all(program, "/places?lat=53.35&lon=-6.26&radius_km=60&limit=2")

    found = [(place["name"], round(place["distance_km"])) for page in pages for place in page]
    assert found == [("A", 6), ("B", 28), ("C", 50)]


def test_near_the_180th_meridian_is_near_on_both_sides(program):
    make_place(name="Taveuni", latitude=-16.8, longitude=-179.97)

    (place,) = program.get("/places?lat=-16.8&lon=179.97").json()["items"]

    assert place["distance_km"] == pytest.approx(6.4, abs=0.1)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=sao", ["São Paulo"]),
        ("q=SÃO", ["São Paulo"]),
        ("q=o", ["São Paulo", "Cork"]),
        ("country=ie", ["Cork"]),
        ("tag=COAST", ["Cork"]),
        ("tag=none", []),
        ("q=o&country=BR", ["São Paulo"]),
        ("lat=51.9&lon=-8.5&country=BR", []),
        ("q=%25", []),
    ],
)
def test_places_are_found_by_name_country_and_tag(program, query, names):
    make_place(name="São Paulo", latitude=-23.5, longitude=-46.6, country="BR")
    cork = make_place(name="Cork", latitude=51.9, longitude=-8.47, country="IE")
    cork.tags.add(Tag.objects.create(name="Coast"))

    assert [one["name"] for one in program.get(f"/places?{query}").json()["items"]] == names


@pytest.fixture
def alerts():
    """Open and minor in Dublin; over and severe in Apia, beyond the 180th meridian of Suva."""
    dublin, apia = make_place(), make_place(name="Apia", latitude=-13.8, longitude=-171.8)
    dublin.tags.add(Tag.objects.create(name="coast"))
    make_alert(make_rule(dublin))
    over = make_alert(
        make_rule(apia, says=storm_gusts()),
        severity="Severe",
        state=AlertState.ENDED,
        ended_at=NOON,
    )
    over.changes.update(created_at=NOON + HOUR)
    return dublin, apia


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Dublin"]),
        ("state=ALL", ["Apia", "Dublin"]),
        ("state=OVER", ["Apia"]),
        ("state=ENDED", ["Apia"]),
        ("state=CANCELLED", []),
        ("state=ALL&severity=Severe", ["Apia"]),
        ("state=ALL&severity=Minor", ["Apia", "Dublin"]),
        ("tag=coast&state=ALL", ["Dublin"]),
        ("bbox=-11,51,-5,56", ["Dublin"]),
        ("bbox=170,-20,-170,-10&state=ALL", ["Apia"]),
        ("state=ALL&since=2026-01-01T12:30:00Z", ["Apia"]),
    ],
)
def test_alerts_are_filtered(program, alerts, query, names):
    told = program.get(f"/alerts?{query}").json()["items"]

    assert [alert["place"]["name"] for alert in told] == names


def test_alerts_of_a_place(program, alerts):
    dublin, apia = alerts

    assert len(program.get(f"/alerts?place={dublin.pk}").json()["items"]) == 1
    assert program.get(f"/alerts?place={apia.pk}").json()["items"] == []


def test_a_list_takes_no_query_for_each_row(program, django_assert_max_num_queries):
    rule = make_rule(says=storm_gusts())
    for n in range(20):
        place = make_place(name=f"Place {n}")
        make_prediction(place)
        make_alert(rule, place)

    for path, most in (("/places", 8), ("/alerts", 6), ("/rules", 6), ("/scores", 8)):
        with django_assert_max_num_queries(most):
            assert program.get(path).status_code == 200
