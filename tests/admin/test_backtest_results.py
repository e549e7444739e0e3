"""What came out of a try on the past: neighbours, timeline, tables, a page a place."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.admin.tries import (
    GUSTS,
    begin,
    done,
    make_windy_place,
    text_of,
)
from tests.factories import make_rule
from weatherapp import tasks
from weatherapp.models import Alert, Backtest

pytestmark = pytest.mark.django_db


def read_comparison(page):
    """By row, the cells of the variants."""
    table = page.content.decode().split('<table class="comparison">')[1].split("</table>")[0]
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', table, flags=re.DOTALL)
    return {name: re.findall(r"<td>(.*?)</td>", cells) for name, cells in rows}


def test_the_result_stands_beside_that_of_its_neighbours(operator):
    make_windy_place(gust=19.0)

    page = done(operator)

    assert "A step easier to reach 16.0 m/s (Moderate)" in text_of(page).replace("\u00a0", " ")
    found = read_comparison(page)
    assert found["Alerts"] == ["1", "1", "0"]  # from 16, 18 and 20 m/s on
    assert found["Events"] == ["1", "1", "0"]
    assert found["Hours with an alert"][1] == "2 (4\u00a0%)"
    assert found["Median lead of hits"] == ["0 h", "0 h", "\u2013"]


def test_the_timeline_and_its_tables_tell_the_same(operator):
    make_windy_place()

    page = done(operator).content.decode()

    assert page.count('fill="url(#severity-Moderate)"><title>Moderate, 1 Jan, 10:00') == 1
    assert page.count('<rect class="event"') == 1
    assert "<td>1 Jan 2026, 10:00</td><td>not yet</td><td>Moderate</td><td>came</td>" in page
    assert "<td>was there</td><td>0 h</td>" in page


def test_each_place_has_a_page_of_its_own(operator):
    make_windy_place()
    calm = make_windy_place("Galway", gust=6.0)

    page = done(operator, places="Galway\nDublin")
    of_galway = operator.get(page.request["PATH_INFO"], {"place": calm.pk})

    # By name, whatever the order in which they were typed or stored.
    assert page.context["page"].details.place.name == "Dublin"
    assert of_galway.context["page"].details.place == calm
    assert "Alerts: 0" in text_of(of_galway)


def test_a_cancelled_try_shows_what_was_done_and_says_so(operator):
    for name in ("Dublin", "Cork"):
        make_windy_place(name)
    row = begin(operator, places="Dublin\nCork")
    tasks.run_backtest(backtest_id=row.pk)
    row.stretches.filter(place__name="Cork").update(result=None, finished_at=None)
    Backtest.objects.update(state="CANCELLED")

    page = text_of(operator.get(row.get_absolute_url()))

    assert "Cancelled after 1 of 2 places" in page
    assert "not done" in page


@pytest.mark.parametrize("address", ["0", "999999", "x"])
def test_a_place_that_is_none_shows_the_first(operator, address):
    make_windy_place()
    page = done(operator)

    other = operator.get(page.request["PATH_INFO"], {"place": address})

    assert other.context["page"].details.place.name == "Dublin"


def test_a_page_costs_the_same_for_many_places(operator):
    for number in range(12):
        make_windy_place(f"Place {number}")
    few = done(operator, places="Place 0\nPlace 1").request["PATH_INFO"]
    many = done(operator, places="\n".join(f"Place {number}" for number in range(12))).request[
        "PATH_INFO"
    ]

    assert count_queries(operator, many) == count_queries(operator, few)


def count_queries(client, address):
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def test_the_list_opens_and_finds(operator):
    make_windy_place()
    begin(operator)
    address = reverse("admin:weatherapp_backtest_changelist")

    assert operator.get(address).context["cl"].result_count == 1
    assert operator.get(address, {"q": "Dublin"}).context["cl"].result_count == 1
    assert operator.get(address, {"q": "Atlantis"}).context["cl"].result_count == 0


def test_nothing_is_alerted(operator):
    make_windy_place()
    make_rule(says=GUSTS)

    done(operator)

    assert not Alert.objects.exists()
