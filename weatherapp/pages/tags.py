"""What templates may call: numbers as people read them. Built into every template."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.safestring import SafeString

from weatherapp.alerting.engine.rule import Rule
from weatherapp.alerting.rulebook import read_version
from weatherapp.display.distances import show_distance
from weatherapp.display.labels import (
    name_certainty,
    name_direction,
    name_quantity,
    name_severity,
    name_standing,
    name_urgency,
)
from weatherapp.display.reader import current_units
from weatherapp.display.values import (
    show_about,
    show_about_number,
    show_bare,
    show_number,
    show_percent,
    show_short,
    show_value,
)
from weatherapp.display.weather_codes import describe_weather
from weatherapp.domain.conditions import Aggregation, Condition
from weatherapp.domain.formatting import format_offset
from weatherapp.domain.quantities import BY_NAME, Quantity
from weatherapp.models import Place, RuleVersion
from weatherapp.models.evidence import ConditionSeen
from weatherapp.pages import sentence_tags
from weatherapp.pages.home_lines import ShownLine
from weatherapp.pages.replay import read_clocks
from weatherapp.pages.saved import read_saved_ids, show_saved

register = template.Library()
register.tags |= sentence_tags.register.tags
register.filters |= sentence_tags.register.filters


@register.filter
def percent(probability: float | None) -> str:
    """0.723 as 72 %; empty for what is unknown."""
    return "" if probability is None else show_percent(probability)


@register.filter
def thousands(number: int) -> str:
    """1240 as 1,240."""
    return show_number(number)


@register.filter
def quantity_label(quantity: Quantity) -> str:
    return name_quantity(quantity.name)


@register.filter
def severity_word(severity: str) -> str:
    return name_severity(severity)


@register.filter
def standing_word(standing: str) -> str:
    return name_standing(standing)


@register.filter
def distance(km: float) -> str:
    """In the reader's units."""
    return show_distance(km)


@register.filter
def read_rule(version: RuleVersion) -> Rule | None:
    """What a stored version says, for rules/sentence.html; None where it cannot be read."""
    return read_version(version)


@register.filter
def weather_words(codes: Iterable[int]) -> list[str]:
    """Names of weather codes, in the order of the codes."""
    return [describe_weather(code) for code in sorted(codes)]


@register.filter
def month_names(months: frozenset[int]) -> list[str]:
    """In the order of the year."""
    return [str(MONTHS[month]) for month in sorted(months)]


@register.simple_tag
def quantity_value(name: str, value: float | None) -> str:
    """A value of a quantity with its unit; empty for what is unknown."""
    return "" if value is None else show_value(BY_NAME[name], value)


@register.simple_tag
def quantity_number(name: str, value: float | None) -> str:
    """A value without its unit, for tables whose heads have it; a dash for what is unknown."""
    return "\u2013" if value is None else show_bare(BY_NAME[name], value)


@register.filter
def wind_from(degrees: float | None) -> str:
    """The eight-point name of where a wind comes from; empty for what is unknown."""
    return "" if degrees is None else name_direction(degrees)


@register.simple_tag
def quantity_short(name: str, value: float) -> str:
    """A value of a quantity where there is little room: whole numbers, temperatures as 12°."""
    return show_short(BY_NAME[name], value)


@register.simple_tag
def about_value(name: str, value: float | None) -> str:
    """As quantity_value, with no more digits than a forecast has."""
    return "" if value is None else show_about(BY_NAME[name], value)


@register.simple_tag
def about_number(name: str, value: float | None) -> str:
    """As about_value, without the unit; empty for what is unknown."""
    return "" if value is None else show_about_number(BY_NAME[name], value)


@register.simple_tag
def unit_symbol(name: str) -> str:
    """The reader's unit of a quantity."""
    return BY_NAME[name].display_unit(current_units()).symbol


@register.simple_tag
def rendered(template_name: str, **context: object) -> str:
    """A template with `context` alone, to be kept by "as" for a whole sentence's placeholder."""
    return render_to_string(template_name, context)


@register.simple_tag
def quantity_change(name: str, value: float) -> str:
    """A difference of a quantity with its sign and unit."""
    return show_value(BY_NAME[name], value, is_difference=True)


@register.simple_tag
def condition_value(condition: Condition | ConditionSeen, value: float | None) -> str:
    """A value or threshold of a condition with its unit; a fall without its sign."""
    if value is None:
        return ""
    if condition.aggregation is Aggregation.CHANGE:
        return show_value(condition.quantity, abs(value), is_difference=True).lstrip("+")
    return show_value(condition.quantity, value)


@register.filter
def is_midnight(at: datetime) -> bool:
    """In the zone in force."""
    local = timezone.localtime(at)
    return (local.hour, local.minute) == (0, 0)


@register.simple_tag
def zone_offset(at: datetime) -> str:
    """How far the zone in force is from UTC at that time: UTC+5:30. Abbreviations differ or lack."""
    return format_offset(timezone.localtime(at).utcoffset())


@register.simple_tag(takes_context=True)
def saved_lines(context: Context) -> tuple[tuple[Place, ShownLine], ...]:
    """What this reader has saved, for saved/fragment.html."""
    request = context["request"]
    return show_saved(request, read_clocks(timezone.now())) if read_saved_ids(request) else ()


@register.filter
def certainty_word(certainty: str) -> str:
    return name_certainty(certainty)


@register.filter
def urgency_word(urgency: str) -> str:
    return name_urgency(urgency)


@register.simple_tag(takes_context=True)
def part(context: template.Context, name: str, **values: object) -> SafeString:
    """A template in a place of a sentence: {% part "parts/seen.html" seen=x as value %}."""
    with context.push(**values):
        return template.Engine.get_default().get_template(name).render(context)


@register.filter
def one_line(text: str) -> str:
    """Where each line means something, a name must not write another."""
    return " ".join(text.split())
