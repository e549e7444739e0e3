"""The API's description, judged by a validator of others; and the running API, judged by it."""

from __future__ import annotations

from functools import cache

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.api.conftest import Program
from tests.factories import NOON, make_alert, make_rule, storm_gusts
from tests.official.making import make_cap
from tests.official.stored import known_source, store
from tests.pages.scenes import make_live_place
from weatherapp.api.catalogue import OPERATIONS
from weatherapp.api.openapi import describe_api
from weatherapp.models import ApiKey, OfficialWarning, Scope, Tag, WarningSource

pytestmark = pytest.mark.django_db
EXAMPLES = 8
ADDRESS = "/api/v1/openapi.json"
# What a schema cannot say (that north is north of south, that a name is free, what a rule makes of
# its quantity) is refused by name: tests/api/test_asking.py and test_writing_*.py hold that.
EXCLUDED = [positive_data_acceptance]
# What takes nothing can be sent nothing wrong.
WITH_INPUT = [one for one in OPERATIONS if one.parameters or one.path_types or one.body]
CASES = [
    *((GenerationMode.POSITIVE, one) for one in OPERATIONS),
    *((GenerationMode.NEGATIVE, one) for one in WITH_INPUT),
]


@cache
def load_schema():
    """Of the site as gunicorn calls it."""
    return schemathesis.openapi.from_wsgi(ADDRESS, get_wsgi_application())


@pytest.fixture
def kept_connection(world):
    """A request leaves the test's connection open, as with Django's client, which sets it back."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def world(redis, settings):
    """What path parameters name, and a key that allows everything."""
    settings.API_REQUESTS_A_MINUTE = 10**6
    settings.PREDICT_NOW_BURST = 10**6
    place = make_live_place(country="IE")
    place.tags.add(Tag.objects.create(name="coast"))
    rule = make_rule(place, says=storm_gusts())
    WarningSource.objects.create(key="x", issuer="X", address="https://x.org")
    _, key = ApiKey.objects.make(name="Test", scopes=list(Scope), now=NOON)
    store(known_source(), make_cap("a"))
    ticket = Program().post(f"/places/{place.pk}/predictions").json()
    names = {
        "place_id": place.pk,
        "rule_id": rule.pk,
        "alert_id": str(make_alert(rule).public_id),
        "prediction_id": ticket["id"],
        "warning_id": str(OfficialWarning.objects.get().public_id),
    }
    return names, {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}


def test_the_description_is_valid_openapi():
    assert list(OpenAPIV31SpecValidator(describe_api()).iter_errors()) == []


def test_the_description_says_where_it_is_true(program):
    response = program.get("/openapi.json")
    known = program.get("/openapi.json", **{"If-None-Match": response["ETag"]})

    assert response.json() == describe_api()
    assert response["Access-Control-Allow-Origin"] == "*"
    assert (known.status_code, known.content) == (304, b"")
    assert program.post("/openapi.json").status_code == 405


def test_names_of_operations_are_there_once():
    names = [operation.name for operation in OPERATIONS]

    assert len(names) == len(set(names))


@pytest.mark.slow
@pytest.mark.usefixtures("kept_connection")
@pytest.mark.parametrize(("mode", "operation"), CASES, ids=lambda one: getattr(one, "name", one))
def test_whatever_is_sent_the_answer_is_as_described(world, operation, mode):
    names, headers = world
    described = load_schema()[operation.path][operation.method]
    seen = set()

    @hypothesis_settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=described.as_strategy(generation_mode=mode))
    def ask(case):
        if mode is GenerationMode.POSITIVE:
            case.path_parameters = {name: names[name] for name in operation.path_types}
        response = case.call_and_validate(headers=headers, excluded_checks=EXCLUDED)
        seen.add(response.status_code)

    ask()
    assert seen
    if mode is GenerationMode.POSITIVE and operation.body is None:
        assert seen <= {200, 202, 400, 409}
        assert seen & {200, 202, 409}
