"""What one reader was shown is kept for the next ones, and for nobody it holds what is another's."""

import gzip

import pytest

from tests.factories import NOON, make_place, make_readings
from tests.pages import scenes
from weatherapp.models import Place
from weatherapp.pages.shared_pages import shared_pages

pytestmark = pytest.mark.django_db
ZIPPED = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def place():
    return scenes.make_live_place()


@pytest.fixture
def addresses(place):
    alert = scenes.make_raised_rule(place)
    return ("/", place.get_absolute_url(), alert.get_absolute_url())


def test_next_reader_within_seconds_costs_no_query(
    client, addresses, settings, django_assert_num_queries
):
    settings.PAGES_SHARED_SECONDS = 60
    for address in addresses:
        first = client.get(address)
        with django_assert_num_queries(0):
            second = client.get(address)
            third = client.get(address, headers={"If-None-Match": first["ETag"]})

        assert second.content == first.content
        assert second["Content-Security-Policy"] == first["Content-Security-Policy"]
        assert second["X-Frame-Options"] == "DENY"
        assert (third.status_code, third.content) == (304, b"")


def test_afterwards_somebody_looks_and_nothing_is_rendered_while_it_is_the_same(
    client, addresses, django_assert_num_queries
):
    for address in addresses:
        first = client.get(address)
        with django_assert_num_queries(1):
            second = client.get(address)

        assert second.content == first.content


def test_who_has_the_page_keeps_it_for_the_others(
    client, place, settings, django_assert_num_queries
):
    etag = client.get("/")["ETag"]
    settings.PAGES_SHARED_SECONDS = 60
    with django_assert_num_queries(1):
        client.get("/", headers={"If-None-Match": etag})

    with django_assert_num_queries(0):
        answer = client.get("/", headers={"If-None-Match": etag})
    assert answer.status_code == 304


def test_a_change_is_seen_when_the_seconds_are_over(client, place):
    client.get("/")
    Place.objects.update(name="Duplin")

    assert b"Duplin" in client.get("/").content


def test_a_shared_page_holds_no_token_and_sets_no_cookie(client, addresses):
    for address in addresses:
        answer = client.get(address)

        assert b"csrfmiddlewaretoken" not in answer.content
        assert not answer.cookies


def test_pages_of_one_person_are_not_shared(client, admin_client, place, settings):
    settings.PAGES_SHARED_SECONDS = 60
    ticket = client.post(f"/places/{place.pk}/predict")["Location"]
    shared_pages.clear()
    pages = [
        client.get(ticket),
        client.get("/privacy"),
        client.get("/health"),
        admin_client.get("/admin/"),
        client.get("/places/999/"),
        client.post(f"/places/{place.pk}/subscribe", {"email": "wrong"}),
    ]

    assert len(shared_pages) == 0
    assert "no-store" in pages[0]["Cache-Control"]


def test_who_is_logged_in_gets_the_page_of_all_others(client, admin_client, place, settings):
    settings.PAGES_SHARED_SECONDS = 60

    assert admin_client.get("/").content == client.get("/").content


def test_one_page_for_all_addresses_that_say_the_same(client, place):
    for address in ("/?utm=1", "/?utm=2", "/"):
        client.get(address)

    assert len(shared_pages) == 1


def test_part_and_page_are_kept_apart(client, place, settings):
    settings.PAGES_SHARED_SECONDS = 60
    whole = client.get("/")
    part = client.get("/", headers={"HX-Request": "true"})

    assert b"<html" in whole.content
    assert b"<html" not in part.content
    assert b"<html" in client.get("/").content


def test_head_says_what_get_says(client, place):
    assert client.head("/")["ETag"] == client.get("/")["ETag"]
    assert client.head("/").content == b""


def test_pages_are_compressed_for_who_takes_it(client, addresses):
    for address in addresses:
        plain = client.get(address)
        zipped = client.get(address, headers=ZIPPED)

        assert "Content-Encoding" not in plain
        assert zipped["Content-Encoding"] == "gzip"
        assert gzip.decompress(zipped.content) == plain.content
        assert len(zipped.content) * 2 < len(plain.content)
        assert int(zipped["Content-Length"]) == len(zipped.content)
        assert "Accept-Encoding" in zipped["Vary"]
        assert zipped["ETag"] == plain["ETag"]
        assert zipped["ETag"].startswith("W/")


def test_a_page_with_a_token_is_padded_at_random(client):
    place = make_place()
    make_readings(place)
    ticket = client.post(f"/places/{place.pk}/predict")["Location"]
    lengths = {len(client.get(ticket, headers=ZIPPED).content) for _ in range(12)}

    assert b"csrfmiddlewaretoken" in client.get(ticket).content
    assert len(lengths) > 1


def test_errors_can_be_read_when_they_are_compressed(client):
    answer = client.get("/places/1/", headers=ZIPPED)

    body = answer.content
    if answer.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    assert answer.status_code == 404
    assert b"<h1>" in body


def test_poll_of_another_version_gets_the_page(client):
    make_place(fetched_at=NOON)

    answer = client.get("/?version=older", headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert b"hx-get" in answer.content
