"""Parts of sentences: rendered first, escaped once, in the reader's language."""

from __future__ import annotations

import pytest
from django.template import Context, Template

from tests.factories import NOON
from weatherapp.display.reader import shown_to
from weatherapp.domain.quantities import BY_NAME
from weatherapp.domain.units import Units
from weatherapp.models import Rule

CAPTURED = "{% capture as what %} {{ name }} {% endcapture %}"
SENTENCE = CAPTURED + "{% blocktranslate %}Rain at {{ what }}.{% endblocktranslate %}"


def render(text: str, **context: object) -> str:
    return Template(text).render(Context(context))


def test_a_part_is_escaped_once_and_without_space_around():
    assert render(SENTENCE, name="<b>&") == "Rain at &lt;b&gt;&amp;."


def test_a_part_of_a_text_mail_is_not_escaped():
    text = "{% autoescape off %}" + SENTENCE + "{% endautoescape %}"

    assert render(text, name="Ben & Jerry's") == "Rain at Ben & Jerry's."


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "temperature, temperature, Temperature"),
        ("fr", "la température, de la température, Température"),
    ],
)
def test_a_quantity_has_its_article_in_a_sentence(language, expected):
    text = "{{ q|quantity_in_sentence }}, {{ q|quantity_of }}, {{ q|quantity_label }}"

    with shown_to(language=language, units=Units()):
        assert render(text, q=BY_NAME["temperature_c"]) == expected


@pytest.mark.parametrize("name", BY_NAME)
def test_every_quantity_can_stand_in_a_sentence(name):
    assert render("{{ q|quantity_in_sentence }}{{ q|quantity_of }}", q=BY_NAME[name])


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule(key="frost", name="Frost"), "Gel"),
        (Rule(key="frost", name="Cold feet"), "Cold feet"),
        (Rule(key="", name="Frost"), "Frost"),
    ],
    ids=["the site's own", "renamed", "added here"],
)
def test_a_rule_of_the_site_has_its_name_in_the_readers_language(rule, expected):
    with shown_to(language="fr", units=Units()):
        assert render("{{ rule|rule_name }}", rule=rule) == expected


@pytest.mark.parametrize("language", ["en", "fr"])
def test_weather_that_has_its_rules_name_is_not_said_twice(language):
    rule, name = (
        Rule(key="thunderstorm", name="Thunderstorm"),
        {"en": "Thunderstorm", "fr": "Orage"},
    )
    line = {
        "seen": {"aggregation": "ANY_CODE", "value": 95},
        "weather": name[language],
        "now": NOON,
    }
    alert = {
        "pk": 1,
        "severity": "Minor",
        "rule": rule,
        "get_absolute_url": "/a/",
        "confirmed_at": NOON,
    }

    with shown_to(language=language, units=Units()):
        shown = render('{% include "home/alert_line.html" %}', line=line, alert=alert)

    assert shown.count(name[language]) == 1


def test_the_charts_legend_names_rules_in_the_readers_language():
    rule = Rule(key="frost", name="Frost")
    table = {
        "thresholds": [{"rule": rule, "threshold": 0.5, "hours": 1}],
        "crossings": [{"rule": rule, "severity": "Minor"}],
    }

    with shown_to(language="fr", units=Units()):
        shown = render('{% include "place/hours_legend.html" %}', table=table)

    assert shown.count("Gel") == 2
    assert "Frost" not in shown
