"""Who asks too often is told so, and learns nothing of an address."""

from collections import Counter

import pytest

from tests.factories import make_place, make_subscription
from tests.pages.markup import words
from tests.pages.subscribing import subscribe
from weatherapp.models import Subscription

pytestmark = pytest.mark.django_db
FLOOD = [f"victim+{number}@example.org" for number in range(200)]


@pytest.fixture
def place():
    return make_place()


def test_two_hundred_aliases_from_one_client_cause_a_handful_of_mails(
    client, place, queued, settings
):
    answers = Counter(subscribe(client, place, email, follow=False).status_code for email in FLOOD)

    allowed = settings.SUBSCRIBE_CLIENT_HOUR
    assert answers == {302: allowed, 429: len(FLOOD) - allowed}
    assert Subscription.objects.count() == settings.SUBSCRIBE_ADDRESS_HOUR


def test_two_hundred_aliases_from_many_clients_cause_a_handful_of_mails(
    client, place, queued, settings
):
    settings.PROXY_HOPS = 1

    for number, email in enumerate(FLOOD):
        client_address = f"198.51.100.{number}"
        page = subscribe(client, place, email, follow=False, x_forwarded_for=client_address)
        assert page.headers["Location"] == f"/places/{place.pk}/subscribed"

    assert Subscription.objects.count() == settings.SUBSCRIBE_ADDRESS_HOUR


def test_client_that_asks_too_often_is_told_when_to_ask_again(client, place, queued, settings):
    settings.SUBSCRIBE_CLIENT_HOUR = 2
    for number in range(2):
        subscribe(client, place, f"reader-{number}@example.org")

    page = subscribe(client, place, "another@example.org")

    assert page.status_code == 429
    assert page["Retry-After"] == "1800"
    assert "Please try again in 30 minutes." in words(page)
    assert not Subscription.objects.filter(email_key="another@example.org").exists()


def test_flood_from_many_clients_ends_at_the_sites_limit(client, place, queued, settings):
    settings.PROXY_HOPS, settings.SUBSCRIBE_SITE_HOUR = 1, 7

    for number in range(30):
        page = subscribe(
            client, place, f"reader@{number}.example", x_forwarded_for=f"198.51.100.{number}"
        )

    assert page.status_code == 429
    assert Subscription.objects.count() == 7


@pytest.mark.parametrize("who", ["known@example.org", "unknown@example.org"])
def test_limits_of_client_and_site_say_nothing_about_an_address(
    client, place, queued, settings, who
):
    settings.SUBSCRIBE_CLIENT_HOUR = 1
    make_subscription(place, email="known@example.org")

    assert [subscribe(client, place, who).status_code for _ in range(2)] == [200, 429]
