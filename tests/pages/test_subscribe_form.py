"""The form on a place's page: its errors, and what is said while an alert is active."""

import pytest

from tests.factories import make_place, make_rule
from tests.pages import scenes
from tests.pages.markup import read, words
from tests.pages.subscribing import subscribe

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return scenes.make_live_place()


def test_the_form_is_reached_by_a_link_at_the_top(client, place):
    markup = read(client.get(place.get_absolute_url()).content.decode())

    assert markup.one("a", href="#subscribe").text == "E-mail alerts"
    assert markup.one("section", id="subscribe")


def test_an_error_is_in_the_title_and_beside_its_field(client, place):
    page = subscribe(client, place, "nobody")
    markup = read(page.content.decode())

    field = markup.one("input", name="email").attributes
    assert page.status_code == 422
    assert markup.all("title")[0].text.startswith("Error: e-mail alerts for Dublin")
    assert field["value"] == "nobody"
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "id_email_error"
    assert "Enter a whole address" in markup.one("p", id="id_email_error").text
    (form,) = [one for one in markup.all("form") if "subscribe" in one.attributes["action"]]
    assert form.attributes["action"].endswith(f"#{field['id']}")  # takes the focus


def test_without_an_error_nothing_is_marked(client, place):
    page = client.get(place.get_absolute_url())

    field = read(page.content.decode()).one("input", name="email").attributes
    assert "aria-invalid" not in field


def test_who_subscribes_while_an_alert_is_active_is_told(client, place, queued):
    alert = scenes.make_raised_rule(place)
    scenes.end_alert(make_rule(place, name="Wet day"))

    page = subscribe(client, place, "reader@example.org")

    assert "An alert is active for Dublin now: Minor Rain soon" in words(page)
    assert alert.get_absolute_url() in page.content.decode()
    assert "Wet day" not in words(page)


def test_who_subscribes_on_a_quiet_day_is_told_of_no_alert(client, place, queued):
    scenes.make_raised_rule(scenes.make_live_place(name="Elsewhere"))

    assert "active" not in words(subscribe(client, place, "reader@example.org"))


def test_a_place_that_is_switched_off_has_no_form(client):
    place = make_place(is_active=False)

    assert "E-mail alerts" not in words(client.get(place.get_absolute_url()))
