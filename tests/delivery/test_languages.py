"""Mails speak the language and the units of who gets them, whoever writes or sends."""

from __future__ import annotations

import pytest

from tests.delivery.asking import subscribe
from tests.delivery.reading import JUNE_EVENING, html_of, parse, read_bodies
from tests.factories import (
    NOON,
    make_alert,
    make_evidence,
    make_place,
    make_rule,
    make_subscription,
    storm_gusts,
)
from weatherapp.delivery import outbox
from weatherapp.delivery.messages import write_alert_mail, write_confirmation
from weatherapp.delivery.subscriptions import confirm, unsubscribe
from weatherapp.display.reader import shown_to
from weatherapp.domain.conditions import Basis
from weatherapp.domain.units import Units, UnitSystem, WindUnit
from weatherapp.models import Delivery, Subscription

pytestmark = pytest.mark.django_db
FRENCH = {"language": "fr", "units": Units(UnitSystem.METRIC, WindUnit.KMH)}
AMERICAN = {"language": "en", "units": Units(UnitSystem.US)}


def mail_to(alert, **reader):
    """The mail about the alert's raising, for who reads so."""
    make_subscription(alert.place, **reader)
    outbox.enqueue([alert.changes.get().pk], now=NOON)
    return parse(write_alert_mail(Delivery.objects.latest("pk")).message().as_bytes(linesep="\r\n"))


@pytest.fixture
def alert():
    says = storm_gusts(basis=Basis.MEASURED)
    place = make_place(name="Newark", time_zone="America/New_York")
    evidence = make_evidence(20.4, says=says, source="open_meteo", model_name="")
    rule = make_rule(place, says=says, name="Storm gusts", key="storm-gusts")
    return make_alert(rule, raised_at=JUNE_EVENING, ends_at=None, evidence=evidence)


def test_who_subscribes_is_written_to_as_they_read():
    with shown_to(**FRENCH):
        row = subscribe(make_place())

    assert (row.language, row.units) == ("fr", "metric-kmh")


def test_who_subscribes_again_is_written_to_as_they_read_now():
    place = make_place()
    row = subscribe(place)
    unsubscribe(row, now=NOON)

    with shown_to(**AMERICAN):
        subscribe(place)

    assert (Subscription.objects.get().language, row.units) == ("en", "metric")
    assert Subscription.objects.get().units == "us"


def test_a_stranger_changes_nothing_for_who_is_confirmed():
    place = make_place()
    confirm(subscribe(place), now=NOON)

    with shown_to(**FRENCH):
        subscribe(place)

    assert Subscription.objects.get().language == "en"


def test_an_alert_is_told_in_french_with_kilometres_per_hour(alert):
    mail = mail_to(alert, language="fr", units="metric-kmh")

    assert mail["Subject"].strip() == "Modérée : Rafales de tempête, Newark, 73 km/h"
    for body in read_bodies(mail):
        assert "dimanche 7 juin 2026, 18:00 UTC\u22124" in body
        assert "Déclenche une alerte lorsque le maximum des rafales mesuré" in body
        assert "Se désabonner" in body
        assert "Unsubscribe" not in body
        assert "m/s" not in body
    assert '<html lang="fr">' in html_of(mail)


def test_an_alert_is_told_in_american_units(alert):
    mail = mail_to(alert, language="en", units="us")

    assert mail["Subject"].strip() == "Moderate: Storm gusts, Newark, 46 mph"


def test_what_cannot_be_read_of_a_reader_is_as_usual(alert):
    mail = mail_to(alert, language="tlh", units="cubits")

    assert mail["Subject"].strip() == "Moderate: Storm gusts, Newark, 20.4 m/s"


def test_the_name_that_an_operator_gave_a_rule_stays(alert):
    alert.rule.name = "Wind in the harbour"
    alert.rule.save()

    assert "Wind in the harbour, Newark" in mail_to(alert, language="fr")["Subject"]


def test_writing_for_one_reader_leaves_the_next_alone(alert):
    french = mail_to(alert, language="fr", email="a@example.org")
    Delivery.objects.all().delete()
    Subscription.objects.all().delete()
    english = mail_to(alert, email="b@example.org")

    assert french["Subject"].strip().startswith("Modérée")
    assert english["Subject"].startswith("Moderate")


@pytest.mark.parametrize(
    ("is_confirmed", "subject"),
    [
        (False, "À confirmer : alertes pour Dublin"),
        (True, "Votre lien de désabonnement : alertes pour Dublin"),
    ],
)
def test_links_that_were_asked_for_come_in_french(is_confirmed, subject):
    with shown_to(**FRENCH):
        row = subscribe(make_place())
    if is_confirmed:
        confirm(row, now=NOON)
        row.refresh_from_db()

    mail = parse(write_confirmation(row, asked_at=NOON, now=NOON).message().as_bytes())

    assert mail["Subject"].replace("\u00a0", " ") == subject
    for body in read_bodies(mail):
        assert "You get this mail" not in body


def test_a_name_of_eighty_letters_breaks_neither_subject_nor_layout(alert):
    alert.place.name = "Llanfair" * 10
    alert.place.save()
    alert.rule.name = "Ü" * 80
    alert.rule.save()

    make_subscription(alert.place, language="fr")
    outbox.enqueue([alert.changes.get().pk], now=NOON)
    wire = write_alert_mail(Delivery.objects.get()).message().as_bytes(linesep="\r\n")

    assert max(len(line) for line in wire.split(b"\r\n\r\n")[0].split(b"\r\n")) <= 998
    assert alert.place.name in parse(wire)["Subject"]
    assert alert.rule.name in parse(wire)["Subject"]
    assert "word-break: break-word" in html_of(parse(wire))
