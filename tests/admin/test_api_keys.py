"""Keys of the API are made, shown once and revoked in the admin."""

from __future__ import annotations

import re

import pytest

from weatherapp.models import ApiKey, Scope

pytestmark = pytest.mark.django_db
LIST = "/admin/weatherapp/apikey/"


def make(operator, **fields):
    given = {"name": "Station 7", "scopes": ["read", "places:write"]} | fields
    return operator.post(f"{LIST}add/", given)


def test_the_key_is_shown_once_and_kept_nowhere(operator):
    response = make(operator)
    (key,) = re.findall(r"wk_[\w-]{30,}", response.content.decode())
    row = ApiKey.objects.get()

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert ApiKey.objects.find(key) == row
    assert (row.name, row.scopes) == ("Station 7", ["places:write", "read"])
    assert row.created_by.username == "operator"
    for page in (LIST, f"{LIST}{row.pk}/change/"):
        shown = operator.get(page)
        assert row.prefix in shown.content.decode()
        assert key not in shown.content.decode()
    assert key not in str(operator.cookies)


def test_a_key_needs_a_name_and_known_scopes(operator):
    assert make(operator, name="").context["errors"]
    assert make(operator, scopes=["everything"]).context["errors"]
    assert ApiKey.objects.count() == 0


def test_what_it_allows_may_change_and_the_key_stays(operator):
    make(operator)
    row = ApiKey.objects.get()

    operator.post(f"{LIST}{row.pk}/change/", {"name": "Station 8", "scopes": ["rules:write"]})

    changed = ApiKey.objects.get()
    assert (changed.name, changed.scopes) == ("Station 8", [Scope.RULES])
    assert (changed.digest, changed.created_at) == (row.digest, row.created_at)


def test_revoking_ends_it_and_deleting_is_not_offered(operator):
    make(operator)
    row = ApiKey.objects.get()

    operator.post(LIST, {"action": "revoke", "_selected_action": [row.pk]})
    first = ApiKey.objects.get().revoked_at
    operator.post(LIST, {"action": "revoke", "_selected_action": [row.pk]})

    assert first is not None
    assert ApiKey.objects.get().revoked_at == first
    assert operator.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_nobody_else_sees_keys(guest, stranger):
    assert guest.get(LIST).status_code == 403
    assert stranger.get(LIST).status_code == 302
    assert make(guest).status_code == 403
