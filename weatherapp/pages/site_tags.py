"""What the pages around the weather call in their templates. Built into every template."""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.conf import settings
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString

from weatherapp.display import countries
from weatherapp.display.durations import show_duration
from weatherapp.display.values import show_number
from weatherapp.pages import official_text

register = template.Library()


@register.filter
def duration(age: timedelta | float | None) -> str:
    """A time span, or seconds, as 90 minutes; empty for what is unknown."""
    if age is None:
        return ""
    return show_duration(age if isinstance(age, timedelta) else timedelta(seconds=age))


@register.filter
def country_name(code: str) -> str:
    """IE as Ireland or Irlande."""
    return countries.country_name(code)


@register.simple_tag
def language_name(code: str) -> str:
    """de as German or allemand; empty where it is of no language that is known."""
    return official_text.name_language(code)


@register.filter
def decimal(number: float | None) -> str:
    """101.6 as the language writes it, with one decimal; empty for what is unknown."""
    return "" if number is None else show_number(number, 1)


@register.filter
def milliseconds(seconds: float) -> str:
    """0.0021 as 2.1."""
    return show_number(seconds * 1000, 1)


@register.simple_tag
def site_name() -> str:
    """Also where a page is drawn without any context, as after an error."""
    return settings.SITE_NAME


class KeepNode(template.Node):
    """Draws what is inside once, under a name, for several places of the page."""

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Context) -> str:
        context[self.name] = SafeString(self.nodelist.render(context).strip())
        return ""


@register.tag
def keep(parser: Parser, token: Token) -> KeepNode:
    """`{% keep title %}...{% endkeep %}`, then `{{ title }}`: a block may stand only once."""
    _, name = token.split_contents()
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return KeepNode(nodelist, name)


@register.simple_tag
def absolute_address(path: str) -> str:
    """Of this site, as its readers reach it: what other sites and programs are told."""
    return f"{settings.SITE_URL}{path}"


@register.simple_tag
def offline_worker() -> str:
    """Where browsers get the worker that keeps pages for when they are offline; empty: switched off."""
    return reverse("service_worker") if settings.OFFLINE_PAGES else ""
