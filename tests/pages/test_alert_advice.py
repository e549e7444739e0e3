"""What to do and how sure it is: by kind of weather and severity."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from tests.factories import NOON, make_alert, make_evidence, make_place, make_rule, storm_gusts
from tests.pages.markup import read, words
from weatherapp.alerting.catalogue import BY_KEY
from weatherapp.domain.cap import LEVELS, Severity
from weatherapp.domain.hazards import Hazard
from weatherapp.models import AlertState

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def advise(hazard, severity):
    """The sentences, in their order."""
    name = f"instructions/{hazard.lower()}.html"
    html = render_to_string(name, {"rank": severity.rank})
    return [one.text for one in read(f"<ul>{html}</ul>").all("li")]


def open_alert(client, key="storm-gusts", value=31.0, name="Dublin", **fields):
    says = BY_KEY[key].says
    more = fields.pop("more", {})
    evidence = make_evidence(value, says, **more)
    alert = make_alert(make_rule(make_place(name=name), says=says), evidence=evidence, **fields)
    return words(client.get(f"/alerts/{alert.pk}/"))


@pytest.mark.parametrize("hazard", Hazard)
def test_the_worse_it_is_the_more_there_is_to_do(hazard):
    counts = [len(advise(hazard, severity)) for severity in LEVELS]

    assert counts[0] >= 1
    assert counts[0] < counts[2]
    assert counts == sorted(counts)


@pytest.mark.parametrize("hazard", Hazard)
@pytest.mark.parametrize("severity", LEVELS)
def test_advice_is_whole_sentences_each_once(hazard, severity):
    sentences = advise(hazard, severity)

    assert all(sentence.endswith(".") for sentence in sentences)
    assert len(set(sentences)) == len(sentences)
    assert len(sentences) <= 9


@pytest.mark.parametrize("hazard", Hazard)
def test_what_is_most_urgent_comes_first(hazard):
    grave = advise(hazard, Severity.SEVERE)

    assert grave[0] not in advise(hazard, Severity.MODERATE)


def test_page_has_the_advice_of_its_kind_and_severity(client):
    severe = open_alert(client, severity="Severe")
    moderate = open_alert(client, name="Riga", severity="Moderate")

    assert "What to do Stay indoors, away from windows" in severe
    assert "call the emergency number" in severe
    assert (
        "What to do Before the wind rises, bring in or tie down what it could carry away"
        in moderate
    )
    assert "call the emergency number" not in moderate


def test_codes_that_raised_it_choose_the_advice(client):
    seen = [[(NOON + HOUR).isoformat(), 95.0]]
    text = open_alert(client, "thunderstorm", 1.0, more={"seen": seen})

    assert "When you hear thunder, go indoors" in text


def test_of_a_kind_that_is_not_known_the_advice_is_general(client):
    alert = make_alert(make_rule(make_place(), says=storm_gusts()), hazard=Hazard.GENERIC.value)

    assert "Look at the forecast for the next hours" in words(client.get(f"/alerts/{alert.pk}/"))


@pytest.mark.parametrize("state", [AlertState.ENDED, AlertState.EXPIRED, AlertState.CANCELLED])
def test_what_is_over_needs_no_advice(client, state):
    text = open_alert(client, state=state, ended_at=NOON)

    assert "What to do" not in text
    assert "How sure" not in text


@pytest.mark.parametrize(
    ("key", "value", "fields", "sentence"),
    [
        ("heavy-rain-measured", 16.0, {}, "How sure: observed. It was measured, not forecast."),
        ("storm-gusts", 20.0, {"certainty": "Likely"}, "How sure: likely."),
        ("storm-gusts", 20.0, {"certainty": "Possible"}, "How sure: possible. Forecasts so far"),
        (
            "rain-6h",
            0.72,
            {},
            "The probability is 72 %: of ten times that it is so, it rains about 7",
        ),
        ("rain-soon", 0.999, {}, "The probability is >99 %."),
        ("rain-soon", 0.12, {}, "of ten times that it is so, it rains about once."),
        ("storm-gusts", 20.0, {"state": AlertState.NO_DATA}, "How sure: unknown."),
        ("storm-gusts", 20.0, {"confirmed_until_at": NOON}, "How sure: unknown."),
        ("storm-gusts", None, {}, "How sure: unknown."),
    ],
)
def test_how_sure_it_is_is_one_sentence(client, key, value, fields, sentence):
    assert sentence in open_alert(client, key, value, **fields)
