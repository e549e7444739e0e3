"""Forms without a token are taken from this site's pages alone."""

import pytest
from django.test import Client

from tests.pages import scenes
from weatherapp.models import Subscription, Ticket

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "http://testserver", "https://elsewhere.example"


@pytest.fixture
def place():
    return scenes.make_live_place()


def send(place, **headers):
    strict = Client(enforce_csrf_checks=True)
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    subscribed = strict.post(
        f"/places/{place.pk}/subscribe", {"email": "reader@example.org"}, headers=headers
    )
    asked = strict.post(f"/places/{place.pk}/predict", headers=headers)
    return subscribed.status_code, asked.status_code


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Sec_Fetch_Site": "same-origin", "Origin": HERE}, id="a browser"),
        pytest.param({"Origin": HERE}, id="a browser on plain http"),
    ],
)
def test_this_sites_own_form_is_taken(place, headers):
    assert send(place, **headers) == (302, 303)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="says nothing, and has no token"),
        pytest.param({"Sec_Fetch_Site": "cross-site", "Origin": ELSEWHERE}, id="another site"),
        pytest.param({"Sec_Fetch_Site": "same-site", "Origin": ELSEWHERE}, id="a neighbour"),
        pytest.param({"Sec_Fetch_Site": "cross-site", "Origin": HERE}, id="contradicts itself"),
        pytest.param({"Sec_Fetch_Site": "none"}, id="no page"),
        pytest.param({"Origin": "null"}, id="a sandboxed frame"),
        pytest.param({"Origin": ELSEWHERE}, id="another site in an old browser"),
        pytest.param({"Origin": f"{HERE}.example"}, id="a name that begins like ours"),
    ],
)
def test_others_are_refused_and_change_nothing(place, headers):
    assert send(place, **headers) == (403, 403)
    assert not Subscription.objects.exists()
    assert not Ticket.objects.exists()
