"""How good are we, at all places together, and place by place."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from tests.factories import make_place, make_rule
from tests.pages.markup import read, words
from tests.pages.skills import make_rule_skill, make_skill_counts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def test_the_site_says_it_of_all_places_together_and_of_each(client):
    dublin, cork = make_place(), make_place(name="Cork")
    make_rule_skill(make_rule(), hits=1310, false_alarms=90, events=1500, caught=1310, late=0)
    make_skill_counts()
    make_skill_counts(dublin)
    make_skill_counts(cork, hours=20, wet_hours=2)

    response = client.get("/accuracy/")
    page = words(response)

    assert "Of 1,400 alerts of “Rain soon”, 1,310 saw rain" in page
    assert "Cork not enough cases yet: 20 of 300 hours" in page
    assert "Dublin skill 0.50" in page
    assert read(response.content.decode()).one("a", href=f"/accuracy/{dublin.pk}-dublin/")


def test_every_page_leads_to_it(client):
    assert read(client.get("/").content.decode()).one("a", href="/accuracy/")


def test_many_places_take_pages_and_a_handful_of_questions(client, django_assert_max_num_queries):
    for number in range(45):
        place = make_place(name=f"Place {number:02}")
        make_skill_counts(place, hours=400)

    with django_assert_max_num_queries(16):
        page = words(client.get("/accuracy/?page=2"))

    assert "Place 20" in page
    assert "Place 19" not in page
    assert "Previous Page 2 of 3 Next" in page


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", ""])
def test_pages_that_are_not_there_show_one_that_is(client, page):
    make_place()

    assert "Dublin" in words(client.get(f"/accuracy/?page={page}"))
