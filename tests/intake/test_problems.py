"""Why a fetch failed, as a code on the place's row that readers get a sentence for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.template.loader import render_to_string
from pytest_httpserver import HTTPServer

from tests.factories import NOON, make_place
from tests.intake.bodies import make_body, make_item
from weatherapp.domain.source_problem import SourceProblem
from weatherapp.intake import refresh as refreshing
from weatherapp.intake.refresh import refresh

pytestmark = pytest.mark.django_db
PATH = "/v1/forecast"


def problem_of(place) -> str:
    refresh([place.pk], now=NOON)
    place.refresh_from_db()
    return place.fetch_problem


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (503, b'{"error": true, "reason": "overloaded"}', SourceProblem.OUT_OF_ORDER),
        (429, b'{"error": true, "reason": "Minutely limit"}', SourceProblem.RATE_LIMITED),
        (401, b"{}", SourceProblem.REFUSED),
        (400, b'{"error": true, "reason": "No data"}', SourceProblem.REFUSED),
        (200, b'{"error": true}', SourceProblem.REFUSED),
        (200, b'[{"hourly"', SourceProblem.GARBLED),
        (204, b"", SourceProblem.GARBLED),
    ],
)
def test_a_source_that_says_no_is_told_by_its_code(site_source: HTTPServer, status, body, expected):
    site_source.expect_request(PATH).respond_with_data(body, status=status)

    assert problem_of(make_place(source="open_meteo")) == expected


def test_what_asks_too_often_is_told_so_before_it_asks(site_source: HTTPServer):
    limit = b'{"error": true, "reason": "Daily API request limit exceeded."}'
    site_source.expect_request(PATH).respond_with_data(limit, status=429)
    problem_of(make_place(source="open_meteo"))

    assert problem_of(make_place(name="Cork", source="open_meteo")) == SourceProblem.RATE_LIMITED


def test_a_source_that_nobody_hears_is_unreachable(settings):
    settings.OPEN_METEO_URL = "http://127.0.0.1:9/v1/forecast"  # discard: nobody listens

    assert problem_of(make_place(source="open_meteo")) == SourceProblem.UNREACHABLE


def test_a_whole_task_that_is_too_slow_says_so(monkeypatch):
    def outlast(places, *, now):
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(refreshing, "fetch", outlast)

    assert problem_of(make_place(source="open_meteo")) == SourceProblem.TOO_SLOW


def test_a_good_fetch_forgets_the_problem(site_source: HTTPServer):
    site_source.expect_request(PATH).respond_with_data(make_body(make_item(now=NOON)))
    place = make_place(
        source="open_meteo", fetch_problem="TOO_SLOW", fetch_failed_at=NOON - timedelta(hours=1)
    )

    assert problem_of(place) == ""


@pytest.mark.parametrize("problem", SourceProblem)
def test_every_problem_has_a_sentence_of_its_own(problem):
    words = render_to_string("parts/source_error.html", {"problem": problem})

    assert words.startswith("The ")
    assert words != render_to_string("parts/source_error.html", {"problem": ""})
