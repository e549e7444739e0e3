"""What templates may call: numbers as people read them. Built into every template."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.dates import MONTHS

from weatherapp.alerting.engine.rule import Rule
from weatherapp.alerting.rulebook import read_version
from weatherapp.display.labels import name_quantity, name_severity
from weatherapp.display.symbols import name_symbol
from weatherapp.display.values import show_number, show_percent, show_value
from weatherapp.display.weather_codes import describe_weather
from weatherapp.domain.conditions import Aggregation, Condition
from weatherapp.domain.formatting import format_offset
from weatherapp.domain.quantities import BY_NAME, Quantity
from weatherapp.models import RuleVersion
from weatherapp.models.evidence import ConditionSeen
from weatherapp.pages import sentence_tags

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


@register.simple_tag
def zone_offset(at: datetime) -> str:
    """How far the zone in force is from UTC at that time: UTC+5:30. Abbreviations differ or lack."""
    return format_offset(timezone.localtime(at).utcoffset())


@register.inclusion_tag("parts/weather_symbol.html")
def weather_symbol(code: float | None, is_night: bool = False, size: int = 32) -> dict[str, object]:
    """The picture of a weather code, named in words; nothing for what is unknown."""
    symbol = name_symbol(code, is_night=is_night)
    return {"symbol": symbol, "words": describe_weather(code), "size": size}
