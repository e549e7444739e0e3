"""Keys: shown once, kept as a hash, allowed what they allow, revoked at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.api.conftest import Program
from tests.factories import NOON
from weatherapp.models import ApiKey, Scope

pytestmark = pytest.mark.django_db
CORK = {"name": "Cork", "latitude": 51.9, "longitude": -8.47}


def test_only_a_hash_is_kept():
    row, key = ApiKey.objects.make(name="Test", scopes=[Scope.READ], now=NOON)

    stored = [str(value) for value in ApiKey.objects.filter(pk=row.pk).values_list()[0]]
    assert key.startswith(row.prefix)
    assert key not in " ".join(stored)
    assert len(key.rpartition(row.prefix)[2]) > 40
    assert ApiKey.objects.find(key) == row
    assert ApiKey.objects.find(key[:-1]) is None


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer wk_0000000000_x",
        "Basic dXNlcjpwYXNz",
        "Bearer " + "x" * 500,
        "Bearer ünbekannt",
    ],
)
def test_what_is_no_key_is_refused_and_not_passed_over(program, header):
    response = program.get("/places", Authorization=header)

    assert response.status_code == 401
    assert response.json()["code"] == "unknown_key"
    assert response["WWW-Authenticate"].startswith('Bearer realm="API"')


def test_writing_without_a_key_says_what_is_needed(program):
    response = program.post("/places", CORK)

    assert response.status_code == 401
    assert response.json()["code"] == "key_needed"
    assert response["WWW-Authenticate"] == 'Bearer realm="API"'


@pytest.mark.parametrize("scope", [Scope.READ, Scope.RULES, Scope.TICKETS])
def test_a_key_allows_only_what_it_allows(make_program, scope):
    response = make_program(scope).post("/places", CORK)

    assert response.status_code == 403
    assert response.json()["code"] == "scope_needed"
    assert 'scope="places:write"' in response["WWW-Authenticate"]


def test_a_revoked_key_opens_nothing():
    row, key = ApiKey.objects.make(name="Test", scopes=[], now=NOON)
    assert Program(key).get("/places").status_code == 200

    ApiKey.objects.filter(pk=row.pk).update(revoked_at=NOON)

    assert Program(key).get("/places").status_code == 401


def test_its_last_use_is_kept_by_the_day(clock, django_assert_num_queries):
    row, key = ApiKey.objects.make(name="Test", scopes=[], now=NOON)
    Program(key).get("/places")
    row.refresh_from_db()
    assert row.used_on == date(2026, 1, 1)

    clock(NOON + timedelta(days=1))
    Program(key).get("/places")

    row.refresh_from_db()
    assert row.used_on == date(2026, 1, 2)
    with django_assert_num_queries(0):
        row.note_use(NOON + timedelta(days=1))


def test_a_session_of_staff_is_no_key(program, admin_user):
    program.client.force_login(admin_user)

    assert program.post("/places", CORK).status_code == 401
