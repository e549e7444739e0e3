"""Who asks again is told in a few bytes, and by a query or two, that nothing has changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import caches

from tests.factories import NOON, make_alert, make_place, make_rule, storm_gusts
from tests.pages.scenes import make_live_place
from weatherapp.models import WarningSource

pytestmark = pytest.mark.django_db

PATHS = (
    "/places",
    "/places/{place}",
    "/places/{place}/forecast",
    "/places/{place}/readings",
    "/places/{place}/scores",
    "/alerts",
    "/alerts/{alert}",
    "/rules",
    "/rules/{rule}",
    "/scores",
    "/sources/weather",
    "/sources/warnings",
)


@pytest.fixture
def words():
    place = make_live_place()
    rule = make_rule(place, says=storm_gusts())
    WarningSource.objects.create(key="x", issuer="X", address="https://x.org")
    return {"place": place.pk, "rule": rule.pk, "alert": make_alert(rule).public_id}


def forget():
    caches["parts"].clear()


@pytest.mark.parametrize("path", PATHS)
def test_nothing_has_changed(program, words, path, django_assert_max_num_queries):
    address = path.format(**words)
    first = program.get(address)
    forget()

    with django_assert_max_num_queries(2):
        again = program.get(address, **{"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert "no-cache" in again["Cache-Control"]
    assert again["Access-Control-Allow-Origin"] == "*"
    assert "RateLimit" in again


@pytest.mark.parametrize(
    "path", [path for path in PATHS if "sources" not in path and "scores" not in path]
)
def test_a_new_alert_or_a_changed_rule_or_place_is_another_answer(program, words, path):
    address = path.format(**words)
    first = program.get(address)
    forget()
    rule = make_rule(make_place(name="Cork"), says=storm_gusts(hours=6))
    make_alert(rule)
    place = make_place(name="Bray")
    type(place).objects.filter(pk=words["place"]).update(fetched_at=NOON + timedelta(seconds=1))

    again = program.get(address, **{"If-None-Match": first["ETag"]})

    assert again.status_code == 200


def test_another_minute_is_another_answer(program, words, clock):
    first = program.get("/places")
    clock(NOON + timedelta(minutes=1))

    assert program.get("/places", **{"If-None-Match": first["ETag"]}).status_code == 200


def test_other_parameters_are_another_answer(program, words):
    marks = {program.get(path)["ETag"] for path in ("/rules", "/rules?lang=fr", "/rules?limit=1")}

    assert len(marks) == 3


def test_what_is_asked_with_a_key_no_shared_cache_keeps(make_program, program):
    assert program.get("/places")["Cache-Control"] == "no-cache"
    assert make_program().get("/places")["Cache-Control"] == "private, no-cache"
