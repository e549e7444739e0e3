"""Rules read as sentences in French, too: genders, articles and numbers agree."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from weatherapp.alerting.catalogue import BY_KEY, CATALOGUE, translate_name
from weatherapp.display.reader import shown_to
from weatherapp.domain.units import Units, UnitSystem, WindUnit

NBSP = "\u00a0"


@pytest.fixture(autouse=True)
def french():
    with shown_to(language="fr", units=Units(UnitSystem.METRIC, WindUnit.KMH)):
        yield


def sentence(says):
    return render_to_string("rules/sentence.html", {"says": says}).replace(NBSP, " ")


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (
            "rain-soon",
            "Déclenche une alerte lorsque la probabilité de pluie dans la prochaine heure est de "
            "50 % ou plus. Y met fin lorsque cette valeur retombe au-dessous de 35 %.",
        ),
        (
            "storm-gusts",
            "Déclenche une alerte lorsque le maximum des rafales prévu pour les 24 prochaines "
            "heures est de 65 km/h (Modérée), 104 km/h (Sévère), 140 km/h (Extrême) ou plus. "
            "Y met fin lorsque cette valeur est inférieure à 58 km/h.",
        ),
        (
            "pressure-fall",
            "Déclenche une alerte lorsque la pression au niveau de la mer a baissé de 3,6 hPa "
            "(Mineure), 6,0 hPa (Modérée) ou plus au cours des 3 dernières heures. Y met fin "
            "lorsque la variation est inférieure à 1,5 hPa.",
        ),
    ],
)
def test_a_rule_of_the_catalogue_in_french(key, words):
    assert sentence(BY_KEY[key].says) == words


def test_what_is_patient_says_so_in_french():
    says = replace(
        BY_KEY["frost"].says,
        pending_evaluations=2,
        rearm_minutes=1,
        months=frozenset({4, 5}),
        from_hour=20,
        to_hour=8,
    )

    words = sentence(says)

    assert "Seulement pendant ces mois : avril, mai, de 20:00 à 8:00, heure locale." in words
    assert "Seulement quand cela s’est vérifié 2 fois de suite." in words
    assert "Attend ensuite 1 minute avant la suivante." in words


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.key)
def test_every_rule_of_the_site_has_a_name_and_a_sentence_in_french(entry):
    name, words = translate_name(key=entry.key, name=entry.name), sentence(entry.says)

    assert name != entry.name
    assert words.startswith("Déclenche une alerte lorsque ")
    assert not {"alert", "the", "hours", "when"} & set(words.split())


@pytest.mark.parametrize(
    ("key", "name"),
    [("rain-soon", "Wet feet"), ("", "Rain soon"), ("gone-from-here", "Rain soon")],
    ids=["renamed", "an operator's own", "of another release"],
)
def test_what_an_operator_has_named_is_called_so(key, name):
    assert translate_name(key=key, name=name) == name
