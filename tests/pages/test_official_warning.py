"""The page of an official warning: all that every issuer says, and what became of it."""

from datetime import timedelta

import pytest

from tests.factories import NOON, make_place
from tests.pages.markup import words
from tests.pages.official import GALE, HOUR, add_event, heard_source, make_warning
from weatherapp.models import EndReason, OfficialChange, OfficialMessage, OfficialWarning

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_place(country="IE")


def look(client, warning):
    return words(client.get(warning.get_absolute_url()))


def end(warning, because):
    warning.events.update(ended_at=NOON, ended_because=because)
    OfficialWarning.objects.filter(pk=warning.pk).update(ended_at=NOON, ended_because=because)


def test_it_says_who_warns_of_what_where_and_until_when(client, place):
    warning = make_warning(place)

    text = look(client, warning)

    for said in (
        "Official warning Severe In force Wind warning",
        "Since Thu 1 Jan, 11:00, until Thu 1 Jan, 17:00.",
        "Issued by Met Office, Thu 1 Jan, 10:00.",
        "Times are those of Dublin (UTC).",
        "What to do Stay away from the sea.",
        "What Met Office says Gales on all coasts South-west winds will reach gale force.",
        "Where: Kerry",
        "Places of this site where it stands Dublin",
        "Issued Thu 1 Jan, 12:00 Severe, from Thu 1 Jan, 11:00 to Thu 1 Jan, 17:00.",
    ):
        assert said in text
    assert text.count("Stay away from the sea.") == 1


@pytest.mark.parametrize("path", ["/warnings/1/", "/warnings/99999999999999999999999/"])
def test_there_is_none(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/warnings/x/", "/warnings/"])
def test_no_number_is_no_page(client, path):
    assert client.get(path).status_code == 404


def test_it_cannot_be_posted_to(client, place):
    assert client.post(make_warning(place).get_absolute_url()).status_code == 405


def test_all_languages_are_there_the_readers_first(client, place):
    german = {"language": "de", "event": "Sturm", "headline": "Schwerer Sturm"}
    warning = make_warning(place, texts=[german, GALE, {"language": "??", "headline": "Odd"}])

    page = client.get(warning.get_absolute_url()).content.decode()
    text = words(client.get(warning.get_absolute_url()))

    assert text.index("Gales on all coasts") < text.index("The same in this language: German")
    assert '<div class="official-text" lang="de">' in page
    assert '<div class="official-text" lang="und">' in page
    assert "The same in another language (und)" in text


def test_each_issuer_has_its_own_part(client, place):
    warning = make_warning(place)
    alarm = heard_source(key="alarm", issuer="MeteoAlarm", attribution="EUMETNET – MeteoAlarm")
    add_event(
        warning,
        place,
        source=alarm,
        issuer="Met Office",
        texts=[{"language": "en", "event": "Wind", "awareness_level": "3; orange; Severe"}],
    )

    text = look(client, warning)

    assert "What Met Office says, passed on by MeteoAlarm" in text
    assert "(3; orange; Severe)" in text
    assert "EUMETNET – MeteoAlarm" in text


def test_an_area_that_nobody_can_place_is_said(client, place):
    warning = make_warning(place, unresolved=["Irish Sea"])

    assert "The site cannot tell whether places are in: Irish Sea" in look(client, warning)


def test_a_warning_at_no_place_of_ours(client):
    warning = make_warning()

    text = look(client, warning)

    assert "None that this site knows of." in text
    assert "Times are universal time (UTC)." in text


def test_places_of_several_zones_have_universal_time(client, place):
    warning = make_warning(place, make_place(name="Kiel", time_zone="Europe/Berlin"))

    assert "Times are universal time (UTC)." in look(client, warning)


def test_places_are_bounded_and_the_others_counted(client):
    places = [make_place(name=f"Place {number:02}") for number in range(24)]
    off = make_place(name="Switched off", is_active=False)

    text = look(client, make_warning(*places, off))

    assert "Place 19" in text
    assert "Place 20" not in text
    assert "and 4 more places" in text
    assert "Switched off" not in text


@pytest.mark.parametrize(
    ("because", "said"),
    [
        (EndReason.CANCELLED, "It is over: the issuer cancelled it, Thu 1 Jan, 12:00."),
        (EndReason.SUPERSEDED, "It is over: another warning took its place"),
        (EndReason.EXPIRED, "It is over: its time ran out"),
        (EndReason.WITHDRAWN, "It is taken as over: the issuer no longer lists it"),
        (EndReason.UNKNOWN, "That does not mean that the danger is over."),
        (EndReason.SOURCE_OFF, "This site no longer asks its source, since Thu 1 Jan, 12:00"),
    ],
)
def test_how_it_ended_is_told_apart(client, place, because, said):
    warning = make_warning(place)
    end(warning, because)

    page = client.get(warning.get_absolute_url())

    text = words(page)
    assert said in text
    assert "Severe Over" in text
    assert "Places of this site where it stood Dublin" in text
    assert "What to do" not in text
    assert b"hx-trigger" not in page.content


def test_what_has_run_out_is_over_before_anybody_notes_it(client, place):
    warning = make_warning(place, ends_at=NOON - timedelta(minutes=1))

    assert "It is over: its time ran out, Thu 1 Jan, 11:59." in look(client, warning)


def test_all_changes_are_told_in_words(client, place):
    warning = make_warning(place)
    OfficialChange.objects.update(is_silent=True)
    for minutes, reason, ends_at in (
        (1, "ESCALATED", NOON + HOUR),
        (2, "EXTENDED", None),
        (3, "CANCELLED", NOON),
    ):
        OfficialChange.objects.create(
            warning=warning,
            reason=reason,
            severity="Extreme",
            onset_at=NOON,
            ends_at=ends_at,
            created_at=NOON + timedelta(minutes=minutes),
        )

    text = look(client, warning)

    assert "It was there already when this site first asked its source." in text
    assert "More severe Thu 1 Jan, 12:01 Extreme, from Thu 1 Jan, 12:00 to Thu 1 Jan" in text
    assert "Goes on for longer Thu 1 Jan, 12:02 Extreme, from Thu 1 Jan, 12:00 on" in text
    assert "Cancelled by the issuer Thu 1 Jan, 12:03" in text


@pytest.mark.parametrize(
    ("address", "is_linked"),
    [("https://met.example/a.xml", True), ("ftp://met.example/a.xml", False), ("", False)],
)
def test_the_original_is_linked_where_it_is_of_the_web(client, place, address, is_linked):
    warning = make_warning(place)
    OfficialMessage.objects.update(address=address)

    page = client.get(warning.get_absolute_url()).content.decode()

    assert (f'<a href="{address}" rel="nofollow noopener">the original</a>' in page) is is_linked
    assert "urn:message:0" in page


def test_a_silent_source_is_said(client, place):
    warning = make_warning(place, source=heard_source(succeeded_at=NOON - 3 * HOUR))

    assert "silent since Thu 1 Jan, 09:00: what it says here may be outdated." in look(
        client, warning
    )


def test_it_costs_few_queries_and_unchanged_one(client, place, django_assert_max_num_queries):
    warning = make_warning(place)
    add_event(warning, place, source=heard_source(key="b", issuer="B"))
    look(client, warning)
    with django_assert_max_num_queries(7):
        page = client.get(warning.get_absolute_url())
    with django_assert_max_num_queries(1):
        again = client.get(warning.get_absolute_url(), headers={"If-None-Match": page["ETag"]})

    assert again.status_code == 304


@pytest.mark.parametrize("what", ["event", "change", "source", "place", "warning"])
def test_what_changes_makes_another_page(client, place, what):
    warning = make_warning(place)
    before = client.get(warning.get_absolute_url())["ETag"]
    match what:
        case "event":
            warning.events.update(changed_at=NOON + HOUR)
        case "change":
            warning.changes.create(
                reason="SPREAD", severity="Severe", onset_at=NOON, created_at=NOON
            )
        case "source":
            event = warning.events.get()
            type(event.source).objects.update(succeeded_at=NOON)
        case "place":
            warning.events.get().places.create(place=make_place(name="Cork"), since_at=NOON)
        case "warning":
            OfficialWarning.objects.update(severity="Extreme")

    assert client.get(warning.get_absolute_url())["ETag"] != before


def test_an_open_page_asks_again_and_gets_the_part_that_lives(client, place):
    warning = make_warning(place)
    address = warning.get_absolute_url()
    asked = f"{address}?version=0"

    part = client.get(asked, headers={"HX-Request": "true"})

    assert b"<html" not in part.content
    assert b"<title>Official warning: Wind warning (Severe) " in part.content
    assert b'id="live"' in part.content
