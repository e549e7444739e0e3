"""The page that describes the API to people: all of it, in the site's frame, from nowhere else."""

from __future__ import annotations

import pytest

from tests.pages.markup import read
from weatherapp.api.catalogue import OPERATIONS
from weatherapp.api.openapi import find_resources
from weatherapp.pages.problem_json import list_codes

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["en", "fr"])
def page(client, request):
    response = client.get("/api/", headers={"Accept-Language": request.param})
    assert response.status_code == 200
    return response.content.decode()


def test_all_of_the_api_is_described(page):
    assert read(page).mistakes == []
    for operation in OPERATIONS:
        assert f'id="{operation.name}"' in page
        for parameter in operation.parameters:
            assert f"<code>{parameter.name}</code>" in page
    for resource in find_resources():
        assert f'id="object-{resource.name}"' in page
    for _, code, _ in list_codes():
        assert f'id="problem-{code}"' in page


def test_every_link_within_the_page_leads_somewhere(page):
    html = read(page)
    ids = {one.attributes["id"] for one in html.elements if "id" in one.attributes}
    targets = {
        one.attributes["href"][1:]
        for one in html.all("a")
        if one.attributes.get("href", "").startswith("#")
    }

    assert targets <= ids


def test_codes_of_problems_lead_to_the_page(program, page):
    kind = program.get("/places/999").json()["type"]

    assert kind.startswith("http://testserver/api/#")
    assert f'id="{kind.partition("#")[2]}"' in page


def test_the_short_address_leads_to_it(client):
    assert client.get("/api")["Location"] == "/api/"
