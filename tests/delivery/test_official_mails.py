"""What mails about official warnings say, and whether they are still sent."""

from __future__ import annotations

import pytest
from django.core import mail as outgoing

from tests.delivery.reading import html_of, read_bodies, text_of
from tests.delivery.warned import (
    mail_of,
    make_coded_place,
    owe,
    send,
    update,
    warn,
)
from tests.factories import make_subscription
from tests.official.making import NOON, make_cap, make_info
from tests.official.stored import known_source, store
from weatherapp.delivery.subscriptions import unsubscribe
from weatherapp.models import OfficialEvent, OfficialWarning

pytestmark = pytest.mark.django_db
WORDS = {
    "headline": "Gusts up to 100 km/h",
    "description": "A front comes from the west.",
    "instruction": "Stay away from trees.",
    "web": "https://office.example/warnings/1",
}


@pytest.fixture
def place():
    return make_coded_place(time_zone="America/New_York")


def test_a_new_warning_says_who_warns_of_what_where_when_and_what_to_do(place):
    make_subscription(place)
    warn(known_source(licence="CC BY 4.0"), **WORDS)
    (delivery,) = owe()

    mail = mail_of(delivery)

    assert mail["Subject"] == "Official warning, Moderate: Wind, Muri"
    assert mail["To"] == "reader@example.org"
    for body in read_bodies(mail):
        assert "The Office warns." in body
        assert "Sunday 1 March 2026, 05:00 to Sunday 1 March, 13:00 UTC\u22125" in body
        assert "Gusts up to 100 km/h" in body
        assert "A front comes from the west." in body
        assert "Stay away from trees." in body
        assert "https://office.example/warnings/1" in body
        assert f"http://testserver/warnings/{OfficialWarning.objects.get().pk}/" in body
        assert "The Office, sent Sunday 1 March 2026, 04:00 UTC\u22125." in body
        assert "Source: Met Office of Nowhere (CC BY 4.0)" in body
        assert "This is the authority's warning, passed on" in body.replace("&#x27;", "'")
        assert "not a warning authority" in body


def test_it_can_be_left_with_one_click_and_is_one_mail_however_often_it_is_tried(place):
    make_subscription(place)
    warn()
    (delivery,) = owe()

    one, other = mail_of(delivery), mail_of(delivery)

    link = one["List-Unsubscribe"].strip().strip("<>")
    assert link.startswith("http://testserver/subscriptions/")
    assert link in text_of(one)
    assert one["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert one["Message-ID"] == other["Message-ID"]


def test_one_mail_names_all_places_of_its_reader_with_a_way_to_leave_each(place):
    make_subscription(place)
    make_subscription(make_coded_place("Wohlen"))
    make_subscription(make_coded_place("Aarau", "XX002"))
    warn()
    (delivery,) = owe()

    mail = mail_of(delivery)

    assert mail["Subject"] == "Official warning, Moderate: Wind, Muri and 1 more place"
    for body in read_bodies(mail):
        assert "Your places in its area" in body
        assert "Wohlen" in body
        assert "Aarau" not in body
        assert "Times are those of Muri." in body
        assert body.count("/unsubscribe") == 2


def test_who_left_one_of_two_places_is_told_of_the_other(place):
    first = make_subscription(place)
    make_subscription(make_coded_place("Wohlen"))
    warn()
    (delivery,) = owe()
    unsubscribe(first, now=NOON)

    assert mail_of(delivery)["Subject"] == "Official warning, Moderate: Wind, Wohlen"
    assert send(delivery) == "SENT"
    assert outgoing.outbox[0].to == ["reader@example.org"]


def test_who_left_all_places_is_not_told(place):
    row = make_subscription(place)
    warn()
    (delivery,) = owe()
    unsubscribe(row, now=NOON)

    assert send(delivery) == "UNWANTED"


def test_the_readers_language_where_the_issuer_has_it(place):
    make_subscription(place, language="fr")
    french = make_info(language="fr-CH", event="Vent", headline="Du vent arrive")
    store(known_source(), make_cap("a", infos=[make_info(), french]))
    (delivery,) = owe()

    for body in read_bodies(mail_of(delivery)):
        assert "Du vent arrive" in body
        assert "Wind is coming" not in body
        assert "langue" not in body


def test_else_the_original_which_is_said(place):
    make_subscription(place)
    store(known_source(), make_cap("a", infos=[make_info(language="de-AT", headline="Wind kommt")]))
    (delivery,) = owe()

    mail = mail_of(delivery)

    for body in read_bodies(mail):
        assert "(language: German; there is none in yours)" in body
    assert 'lang="de-AT"' in html_of(mail)


def test_a_language_that_nobody_knows_is_named_by_its_code(place):
    make_subscription(place)
    store(known_source(), make_cap("a", infos=[make_info(language="tlh")]))

    assert "(language: tlh;" in text_of(mail_of(owe()[0]))


def test_an_issuers_words_are_words_and_never_markup_or_headers(place):
    make_subscription(place)
    source = warn()
    bad = {
        "language": "en",
        "event": "Wind\r\nBcc: all@example.org <b>",
        "headline": "<script>alert(1)</script>",
        "web": "javascript:alert(1)",
    }
    OfficialEvent.objects.update(texts=[bad])
    (delivery,) = owe()

    mail = mail_of(delivery)

    assert mail["Bcc"] is None
    assert "<script>" not in html_of(mail)
    assert "javascript:" not in html_of(mail) + text_of(mail)
    assert source.pk


def test_long_texts_are_cut_and_the_page_has_them_whole(place):
    make_subscription(place)
    long = {"headline": "h" * 5000, "description": "d" * 50_000, "instruction": "i" * 50_000}
    warn(event="e" * 5000, **long)

    mail = mail_of(owe()[0])

    assert len(mail["Subject"]) < 200
    assert len(text_of(mail)) < 6000
    assert len(html_of(mail)) < 9000


def test_a_warning_without_words_or_end_still_makes_a_mail(place):
    make_subscription(place)
    warn()
    OfficialEvent.objects.update(texts=[], issuer="")
    OfficialWarning.objects.update(ends_at=None)
    (delivery,) = owe()

    for body in read_bodies(mail_of(delivery)):
        assert "the issuer states no end" in body
        assert "None" not in body


@pytest.mark.parametrize(
    ("said", "subject", "lead"),
    [
        (
            {"severity": "Extreme"},
            "Official warning, now Extreme: Wind, Muri",
            "now warns of worse",
        ),
        (
            {"expires": "2026-03-01T23:00:00+00:00"},
            "Official warning goes on for longer, Moderate: Wind, Muri",
            "warns for longer",
        ),
    ],
)
def test_what_changed_is_said_first(place, said, subject, lead):
    make_subscription(place)
    source = warn()
    owe()
    update(source, **said)

    mail = mail_of(owe()[0])

    assert mail["Subject"] == subject
    assert lead in text_of(mail)
