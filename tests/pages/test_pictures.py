"""The picture of an alert or a place that social networks show beside its link."""

from __future__ import annotations

import struct
from threading import Event, Thread

import pytest

from tests.factories import NOON, make_alert, make_evidence, make_place, make_rule, storm_gusts
from tests.pages import scenes
from tests.pages.markup import read
from weatherapp.models import Alert, AlertState, Place
from weatherapp.pages.pictures import drawing, views
from weatherapp.pages.pictures.drawing import DrawingError, Studio

pytestmark = pytest.mark.django_db
STAND_IN = "/static/img/social.png"


@pytest.fixture(autouse=True)
def studio(monkeypatch):
    """One that has drawn nothing yet, and keeps no picture."""
    new = Studio()
    monkeypatch.setattr(views, "studio", new)
    return new


@pytest.fixture
def drawn(monkeypatch):
    """What is asked to be drawn; nothing is."""
    asked = []

    def keep(wanted):
        asked.append(wanted)
        return b"\x89PNG"

    monkeypatch.setattr(drawing, "run_script", keep)
    return asked


@pytest.fixture
def alert():
    says = storm_gusts()
    evidence = make_evidence(31.0, says)
    rule = make_rule(make_place(), says=says, name="Storm gusts")
    return make_alert(rule, severity="Severe", evidence=evidence)


def size_of(png):
    """Width and height, as its header has them."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


@pytest.mark.slow
def test_picture_is_a_png_of_the_size_that_networks_want(client, alert):
    for address in (f"/alerts/{alert.pk}/picture.png", f"/places/{alert.place.pk}/picture.png"):
        response = client.get(address)

        assert response["Content-Type"] == "image/png"
        assert size_of(response.content) == (1200, 630)
        assert len(response.content) < 100_000


def test_picture_says_what_the_page_says(client, alert, drawn):
    client.get(f"/alerts/{alert.pk}/picture.png")

    assert drawn == [
        {
            "severity": "Severe",
            "state": ["Severe: Now"],
            "title": ["Storm gusts", "Weather alert"],
            "where": ["Dublin", "53.35°, -6.26°"],
            "when": ["Thu 1 Jan, 12:00 to Thu 1 Jan, 18:00 (UTC)"],
            "what": ["Highest wind gust forecast for the next 12 hours: 31.0\u00a0m/s"],
            "site": ["Weather alerts"],
        }
    ]


def test_what_is_over_has_no_colour_of_a_severity(client, alert, drawn):
    Alert.objects.update(state=AlertState.ENDED, ended_at=NOON)
    client.get(f"/alerts/{alert.pk}/picture.png")

    assert drawn[0]["severity"] == ""
    assert drawn[0]["state"] == ["Severe: Ended"]
    assert drawn[0]["what"] == [""]


def test_place_has_its_worst_alerts_first(client, alert, drawn):
    make_alert(make_rule(alert.place, name="Rain soon"), severity="Minor")
    client.get(f"/places/{alert.place.pk}/picture.png")

    assert drawn[0]["severity"] == "Severe"
    assert drawn[0]["state"] == ["2 active alerts"]
    assert drawn[0]["what"] == ["Storm gusts (Severe) · Rain soon (Minor)", "Severe"]


def test_calm_place_claims_nothing_of_its_weather(client, drawn):
    place = scenes.make_silent_place()
    client.get(f"/places/{place.pk}/picture.png")

    assert drawn[0]["where"] == ["Weather and alerts"]
    assert (drawn[0]["state"], drawn[0]["severity"]) == ([""], "")


def test_same_picture_is_drawn_once(client, alert, drawn):
    address = f"/alerts/{alert.pk}/picture.png"
    first = client.get(address)
    again = client.get(address)
    known = client.get(address, headers={"If-None-Match": first["ETag"]})
    noise = client.get(address, {"q": "x", "version": "9"})

    assert [one.status_code for one in (first, again, known, noise)] == [200, 200, 304, 200]
    assert len(drawn) == 1
    Alert.objects.update(severity="Extreme")
    assert client.get(address)["ETag"] != first["ETag"]
    assert len(drawn) == 2


def test_few_pictures_are_kept(drawn):
    studio = Studio(most_a_minute=100)
    for number in range(drawing.MOST_KEPT + 1):
        studio.find(str(number), {"severity": ""})
    studio.find(str(drawing.MOST_KEPT), {"severity": ""})
    known = len(drawn)
    studio.find("0", {"severity": ""})

    assert (known, len(drawn)) == (drawing.MOST_KEPT + 1, drawing.MOST_KEPT + 2)


def test_each_language_has_its_own(client, alert, drawn):
    address = f"/alerts/{alert.pk}/picture.png"
    english = client.get(address)
    french = client.get(address, headers={"Accept-Language": "fr"})

    assert {"Accept-Language", "Cookie"} <= set(french["Vary"].split(", "))
    assert not french.cookies
    assert english["Cache-Control"] == "public, max-age=300"


def test_words_with_signs_are_not_escaped_as_on_a_page(client, drawn):
    place = make_place(name="L'Île <d'Yeu> & co")
    client.get(f"/places/{place.pk}/picture.png")

    assert drawn[0]["title"][0] == "L'Île <d'Yeu> & co"


def test_a_name_cannot_write_other_lines(client, drawn):
    place = make_place(name="Riga\nseverity: Extreme\nsite: Official")
    client.get(f"/places/{place.pk}/picture.png")

    assert drawn[0]["severity"] == ""
    assert drawn[0]["site"] == ["Weather alerts"]


def test_so_many_a_minute_and_then_the_sites_own(client, drawn, studio, monkeypatch):
    monkeypatch.setattr(views, "studio", Studio(most_a_minute=2))
    answers = [
        client.get(f"/places/{make_place(name=f'Place {number}').pk}/picture.png")
        for number in range(3)
    ]

    assert [one.status_code for one in answers] == [200, 200, 302]
    assert answers[2]["Location"] == STAND_IN
    assert answers[2]["Cache-Control"] == "no-store"
    assert "ETag" not in answers[2]


def test_one_is_drawn_at_a_time(monkeypatch):
    begun, go_on = Event(), Event()

    def draw_slowly(_):
        begun.set()
        go_on.wait(5)
        return b""

    monkeypatch.setattr(drawing, "run_script", draw_slowly)
    monkeypatch.setattr(drawing, "PATIENCE_S", 0.01)
    studio = Studio()
    other = Thread(target=studio.draw, args=[{}])
    other.start()
    begun.wait(5)

    with pytest.raises(DrawingError, match="another"):
        studio.draw({})
    go_on.set()
    other.join()
    assert studio.draw({}) == b""


@pytest.mark.parametrize("wanted", [{"severity": "Awful"}, {"title": [5]}])
def test_what_cannot_be_drawn_is_no_error_of_the_page(client, alert, monkeypatch, wanted):
    with pytest.raises(DrawingError):
        drawing.run_script(wanted)
    monkeypatch.setattr(views, "want_alert", lambda *_: wanted)

    assert client.get(f"/alerts/{alert.pk}/picture.png")["Location"] == STAND_IN


def test_drawer_that_is_missing_is_no_error_of_the_page(client, alert, monkeypatch, tmp_path):
    monkeypatch.setattr(drawing, "SCRIPT", tmp_path / "nothing.py")

    assert client.get(f"/alerts/{alert.pk}/picture.png")["Location"] == STAND_IN


@pytest.mark.parametrize("what", ["alerts", "places"])
@pytest.mark.parametrize("pk", ["1", "9" * 30, "1-words"])
def test_of_what_is_not_there_is_no_picture(client, what, pk):
    assert client.get(f"/{what}/{pk}/picture.png").status_code == 404


def test_pictures_are_only_read(client, alert):
    assert client.post(f"/alerts/{alert.pk}/picture.png").status_code == 405


def meta_of(response):
    markup = read(response.content.decode())
    found = {
        one.attributes.get("property"): one.attributes["content"]
        for one in markup.all("meta")
        if "content" in one.attributes
    }
    (link,) = [one for one in markup.all("link") if one.attributes.get("rel") == "canonical"]
    return found | {"canonical": link.attributes["href"]}


def test_address_of_a_picture_changes_with_what_is_on_it(client, alert, drawn):
    page, place = alert.get_absolute_url(), alert.place.get_absolute_url()
    before = [meta_of(client.get(address))["og:image"] for address in (page, place)]
    again = [meta_of(client.get(address))["og:image"] for address in (page, place)]
    Place.objects.update(name="Galway")
    after = [meta_of(client.get(address))["og:image"] for address in (page, place)]

    assert again == before
    assert [one.split("?v=")[0] for one in after] == [one.split("?v=")[0] for one in before]
    assert not set(after) & set(before)


def test_address_that_names_what_is_on_it_may_be_kept_long(client, alert, drawn):
    """And one that names what was on it before leads to what is now, for a short time."""
    before = meta_of(client.get(alert.get_absolute_url()))["og:image"]
    named = client.get(before.removeprefix("http://testserver"))
    Alert.objects.update(severity="Extreme")
    changed = client.get(before.removeprefix("http://testserver"))

    assert named["Cache-Control"] == "public, max-age=86400"
    assert changed["Cache-Control"] == "public, max-age=300"
    assert changed["ETag"] != named["ETag"]
    assert [one["severity"] for one in drawn] == ["Severe", "Extreme"]


def test_pages_name_their_picture_and_their_one_address(client, alert):
    found = meta_of(client.get(f"/alerts/{alert.pk}/?lang=en&seen=3"))

    assert found["canonical"] == found["og:url"] == f"http://testserver{alert.get_absolute_url()}"
    picture, _ = found["og:image"].split("?v=")
    assert picture == f"http://testserver/alerts/{alert.pk}/picture.png"
    assert found["og:title"] == "Storm gusts, Dublin: Severe, Now – Weather alerts"
    assert found["og:description"] == "Since Thu 1 Jan, 12:00, expected until Thu 1 Jan, 18:00."


def test_place_and_home_have_theirs(client, alert):
    place = meta_of(client.get(f"/places/{alert.place.pk}/?shown=1"))
    home = meta_of(client.get("/?page=1"))

    assert place["canonical"] == f"http://testserver{alert.place.get_absolute_url()}"
    picture, _ = place["og:image"].split("?v=")
    assert picture == f"http://testserver/places/{alert.place.pk}/picture.png"
    assert home["canonical"] == "http://testserver/"
    assert home["og:image"] == f"http://testserver{STAND_IN}"


def test_address_of_before_a_renaming_still_leads_there(client, alert):
    before = alert.get_absolute_url()
    alert.place.name, alert.rule.name = "Baile Átha Cliath", "Gale"
    alert.place.save()
    alert.rule.save()
    after = Alert.objects.get(pk=alert.pk).get_absolute_url()
    page = client.get(before)

    assert before != after
    assert page.status_code == 200
    assert meta_of(page)["canonical"] == f"http://testserver{after}"
    assert client.get(f"/places/{alert.place.pk}-dublin/").status_code == 200
