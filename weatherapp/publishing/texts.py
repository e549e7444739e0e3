"""What a message tells people, in every language of the site, its main one first."""

from __future__ import annotations

import re
from html import unescape

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from weatherapp.display.reader import shown_to
from weatherapp.domain.units import Units
from weatherapp.models import Alert, AlertChange, Scene
from weatherapp.publishing.decide import Kind
from weatherapp.publishing.text import Text

END_OF_ITEM = re.compile(r"</li>\s*")


def write_texts(
    alert: Alert, change: AlertChange, kind: Kind, scene: Scene | None
) -> tuple[Text, ...]:
    """`scene`: the replay that the alert is about."""
    evidence = alert.read_evidence()
    context = {
        "alert": alert,
        "told": alert,  # whose onset and end are said
        "change": change,
        "conditions": evidence.conditions,
        "place": alert.place,
        "kind": kind.value,
        "seen": evidence.leading,
        "leading_codes": evidence.leading.worst_codes if evidence.leading else [],
        "scene": scene,
        "site_name": settings.SITE_NAME,
    }
    return tuple(_write(language, context) for language in list_languages())


def list_languages() -> list[str]:
    """Readers that look at one only take the first."""
    main = settings.LANGUAGE_CODE.split("-")[0]
    others = [code for code, _ in settings.LANGUAGES if code != main]
    return [main, *others]


def _write(language: str, context: dict[str, object]) -> Text:
    with shown_to(language=language, units=Units()):
        return Text(
            language=language,
            event=_render("cap/event.txt", context),
            headline=" ".join(_render("cap/headline.txt", context).split()),
            description=_render("cap/description.txt", context),
            instruction=_render_instruction(context),
        )


def _render(template: str, context: dict[str, object]) -> str:
    return strip_tags(
        render_to_string(template, context)
    ).strip()  # a name may hold what looks like one


def _render_instruction(context: dict[str, object]) -> str:
    """The advice of the alert's page, a line each; none when it is over."""
    alert = context["alert"]
    if not isinstance(alert, Alert) or context["kind"] in (Kind.ALL_CLEAR, Kind.CANCEL):
        return ""
    template = f"instructions/{alert.hazard.lower()}.html"
    html = render_to_string(template, {"rank": alert.severity_rank})
    items = (unescape(strip_tags(item)).strip() for item in END_OF_ITEM.split(html))
    return "\n".join(" ".join(item.split()) for item in items if item)
