"""Places are saved in a cookie of the reader's, and in nothing that another reader is shown."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from tests.factories import make_place
from tests.pages.markup import read, words
from weatherapp.pages.saved import MOST_SAVED, read_saved_ids

pytestmark = pytest.mark.django_db
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


def save(client, pk, *, how="save", **data):
    return client.post(f"/places/{pk}/{how}", data, headers=FROM_HERE)


def ids_of(cookie):
    request = RequestFactory().get("/")
    request.COOKIES["places"] = cookie
    return read_saved_ids(request)


def test_saving_leads_to_ones_places_and_removing_takes_them_away(client):
    place, other = make_place(), make_place(name="Cork")
    answer = save(client, place.pk)
    save(client, other.pk)
    save(client, place.pk)  # once more changes nothing

    assert (answer.status_code, answer.headers["Location"]) == (303, "/saved")
    assert client.cookies["places"].value == f"{place.pk}.{other.pk}"
    text = words(client.get("/saved"))
    assert text.index("Dublin") < text.index("Cork")

    save(client, place.pk, how="unsave")
    assert "Dublin" not in words(client.get("/saved"))
    save(client, other.pk, how="unsave")
    assert "You have saved no place" in words(client.get("/saved"))
    assert client.cookies["places"].value == ""


def test_the_cookie_is_the_browsers_alone(client):
    save(client, make_place().pk)
    cookie = client.cookies["places"]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_ones_places_are_in_no_shared_cache(client):
    page = client.get("/saved")

    assert "private" in page.headers["Cache-Control"]
    assert "Cookie" in page.headers["Vary"]


@pytest.mark.parametrize(
    ("back", "led"),
    [
        ("/places/1/", "/places/1/"),
        ("https://evil.example/", "/saved"),
        ("//evil.example/", "/saved"),
        ("javascript:alert(1)", "/saved"),
        ("", "/saved"),
    ],
)
def test_it_leads_back_within_this_site_alone(client, back, led):
    assert save(client, make_place().pk, next=back).headers["Location"] == led


def test_a_form_of_another_site_saves_nothing(client):
    from django.test import Client

    place = make_place()
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post(f"/places/{place.pk}/save", headers={"Sec-Fetch-Site": "cross-site"})

    assert refused.status_code == 403
    assert "places" not in strict.cookies


def test_reading_an_address_saves_nothing(client):
    place = make_place()

    assert client.get(f"/places/{place.pk}/save").status_code == 405
    assert "places" not in client.cookies


def test_what_is_not_watched_cannot_be_saved_and_is_not_shown(client):
    closed = make_place(is_active=False)
    client.cookies["places"] = f"{closed.pk}.999999"

    assert save(client, closed.pk).status_code == 404
    assert save(client, 10**15).status_code == 404
    assert "You have saved no place" in words(client.get("/saved"))


@pytest.mark.parametrize(
    ("cookie", "ids"),
    [
        ("", ()),
        ("1.2.1", (1, 2)),
        ("1..x.-3. 4.5", (1, 5)),
        ("<script>.7", (7,)),
        ("9" * 19, ()),
        ("\u0664.2", (2,)),
        (".".join(map(str, range(1, 500))), tuple(range(1, MOST_SAVED + 1))),
    ],
)
def test_whatever_the_cookie_says_only_ids_are_read(cookie, ids):
    assert ids_of(cookie) == ids


def test_of_too_many_the_oldest_is_dropped(client):
    place = make_place()
    client.cookies["places"] = ".".join(map(str, range(1000, 1000 + MOST_SAVED)))
    save(client, place.pk)

    kept = client.cookies["places"].value.split(".")
    assert (kept[0], kept[-1], len(kept)) == ("1001", str(place.pk), MOST_SAVED)


def test_home_of_who_has_saved_places_is_a_page_of_its_own_and_no_other_is(client):
    place = make_place()
    plain = client.get("/")
    plain_place = client.get(place.get_absolute_url())
    client.cookies["places"] = str(place.pk)
    own, own_place = client.get("/"), client.get(place.get_absolute_url())

    assert own.headers["ETag"] != plain.headers["ETag"]
    assert "private" in own.headers["Cache-Control"]
    assert "private" not in plain.headers["Cache-Control"]
    assert own_place.headers["ETag"] == plain_place.headers["ETag"]


def test_a_kept_page_of_one_is_not_given_to_another(client):
    place, other = make_place(), make_place(name="Cork")
    client.cookies["places"] = str(place.pk)
    first = client.get("/")
    client.cookies["places"] = str(other.pk)

    answer = client.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert answer.status_code == 200


def test_home_may_show_ones_places_first():
    place = make_place()
    request = RequestFactory().get("/")
    nothing = render_to_string("saved/fragment.html", {"request": request})
    request.COOKIES["places"] = str(place.pk)
    html = render_to_string("saved/fragment.html", {"request": request})

    assert nothing.strip() == ""
    assert "Your places" in html
    assert place.get_absolute_url() in html


def test_the_save_button_is_a_form_of_the_place():
    place = make_place()
    form = read(render_to_string("find/save_button.html", {"place": place})).one("form")

    assert form.attributes["action"] == f"/places/{place.pk}/save"
    assert form.attributes["method"] == "post"
