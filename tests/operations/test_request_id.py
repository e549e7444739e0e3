"""The id of a web request."""

from __future__ import annotations

import logging

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from dyno.logs import LineFormatter
from dyno.trace import trace_id
from weatheralert.request_id import request_id_middleware


@pytest.fixture(autouse=True)
def _no_id_stays():
    yield
    trace_id.set("")


LOGGER = "weatheralert.request_id"


def answer(path="/", **headers) -> tuple[HttpResponse, str]:
    """The answer, and the id that the view saw."""
    seen = []

    def view(request):
        seen.append(trace_id.get())
        return HttpResponse()

    response = request_id_middleware(view)(RequestFactory().get(path, headers=headers))
    return response, seen[0]


def test_a_request_gets_an_id_and_its_answer_says_it():
    response, seen = answer()

    assert len(seen) == 32
    assert response["X-Request-ID"] == seen


def test_no_two_requests_have_the_same():
    assert answer()[1] != answer()[1]


def test_a_proxys_id_goes_on():
    assert answer(**{"X-Request-ID": "f00dcafe-1234"})[1] == "f00dcafe-1234"


@pytest.mark.parametrize(
    "given", ["short", "x" * 65, "new\nline-abcdef", "a b c d e f g h", "' OR 1=1"]
)
def test_what_could_harm_a_log_is_replaced(given):
    assert answer(**{"X-Request-ID": given})[1] != given


def test_the_id_ends_with_the_request(client):
    client.get("/nothing-here/")

    assert trace_id.get() == ""


@pytest.mark.django_db
def test_a_request_is_logged_by_its_route(client, caplog):
    caplog.set_level(logging.INFO, LOGGER)

    client.get("/places/987654321/?secret=1")

    (record,) = [record for record in caplog.records if record.name == LOGGER]
    assert record.getMessage().startswith("GET /places/<id:")
    assert "987654321" not in record.getMessage()
    assert "secret" not in record.getMessage()


def test_probes_are_not_worth_a_line(caplog):
    caplog.set_level(logging.INFO, LOGGER)

    answer("/health")

    assert caplog.records == []


def test_errors_of_a_view_carry_its_id(client, caplog):
    formatted = []
    handler = logging.Handler()
    handler.emit = lambda record: formatted.append(
        LineFormatter("{message}{trace_suffix}", style="{").format(record)
    )
    logging.getLogger("django.request").addHandler(handler)

    response = client.get("/nothing-here/", headers={"X-Request-ID": "f00dcafe-1234"})

    logging.getLogger("django.request").removeHandler(handler)
    assert response.status_code == 404
    assert formatted == ["Not Found: /nothing-here/ [f00dcafe-1234]"]
