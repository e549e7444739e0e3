"""What is rendered once for each value is right for each reader, zone and value."""

from datetime import timedelta

import pytest
from django.template import Context, Template
from django.template.defaultfilters import date as django_date
from django.utils import timezone

from tests.factories import NOON, storm_gusts
from weatherapp.alerting.rulebook import RuleInForce
from weatherapp.display.reader import shown_to
from weatherapp.domain.cap import Severity
from weatherapp.domain.formatting import NBSP
from weatherapp.domain.units import Units
from weatherapp.models import RuleScope
from weatherapp.pages import kept_tags
from weatherapp.pages.hours import Crossing
from weatherapp.pages.kept_tags import MOST_KEPT, render_kept

MINUTE = timedelta(minutes=1)


def show(text, *, zone="UTC", language="en", **values):
    with timezone.override(zone), shown_to(language=language, units=Units()):
        return Template(text).render(Context(values)).replace(NBSP, " ")


def test_a_moment_is_told_in_the_zone_and_language_in_force():
    told = [
        show("{% moment at %}", zone=zone, language=language, at=NOON)
        for zone in ("UTC", "Asia/Kathmandu")
        for language in ("en", "fr")
    ]

    assert len(set(told)) == 4
    assert "17:45" in told[2]
    assert all('datetime="2026-01-01T12:00Z"' in one for one in told)


def test_a_moment_names_its_zone_where_it_is_asked_to():
    text = "{% moment at %}|{% moment at shows_zone %}"

    plain, named = show(text, zone="Asia/Kathmandu", at=NOON, shows_zone=True).split("|")

    assert "UTC+5:45" in named
    assert "UTC" not in plain


@pytest.mark.parametrize(
    ("age", "told"),
    [
        (-2 * MINUTE, "at an unknown time"),
        (-MINUTE / 2, "less than a minute ago"),
        (MINUTE - timedelta(seconds=1), "less than a minute ago"),
        (2 * MINUTE - timedelta(microseconds=1), "1 minute ago"),
        (90 * MINUTE, "1 hour, 30 minutes ago"),
    ],
)
def test_an_age_is_told_in_whole_minutes(age, told):
    assert told in show("{% ago at now %}", at=NOON, now=NOON + age)


def test_a_clock_says_when_it_is_of_the_next_day():
    text = "{% clock at now %}"
    evening = NOON + timedelta(hours=9)

    assert "tomorrow" not in show(text, at=evening, now=NOON)
    assert "tomorrow" in show(text, at=evening, now=NOON, zone="Asia/Kathmandu")


@pytest.mark.parametrize("form", ["H:i", "D j M, H:i", "Y-m-d", None])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu"])
def test_dates_are_djangos_own(form, zone):
    with timezone.override(zone):
        expected = django_date(timezone.localtime(NOON), form)

    assert show("{{ at|date:form }}", at=NOON, form=form, zone=zone) == expected
    assert show("{{ at|date:form }}", at=NOON, form=form, zone=zone) == expected


@pytest.mark.parametrize("at", [NOON.date(), NOON.replace(tzinfo=None), None, "", "noon"])
def test_what_is_no_moment_is_shown_as_django_does(at):
    assert show('{{ at|date:"Y-m-d" }}', at=at) == django_date(at, "Y-m-d")


def test_equal_moments_of_two_zones_are_written_differently():
    text = '{{ at|date:"H:i" }}'

    assert show(text, at=NOON) == "12:00"
    assert show(text, at=NOON, zone="Asia/Kathmandu") == "17:45"
    assert show(text, at=NOON) == "12:00"


def test_what_an_operator_wrote_is_escaped():
    everywhere = (RuleScope.ALL, frozenset(), frozenset(), NOON)
    rule = RuleInForce(1, "Storm <b>", 1, 1, storm_gusts(), *everywhere)
    crossing = Crossing(rule, Severity.SEVERE)

    assert "Storm &lt;b&gt;" in render_kept("place/crossing.html", crossing=crossing)


def test_what_is_kept_is_bounded():
    for minute in range(3 * MOST_KEPT):
        show("{% moment at %}{{ at|date:'H:i' }}", at=NOON + minute * MINUTE)

    assert kept_tags._render_once.cache_info().currsize <= 2 * MOST_KEPT
    assert kept_tags._show_moment.cache_info().currsize <= MOST_KEPT
