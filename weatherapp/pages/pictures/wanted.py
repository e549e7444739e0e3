"""What stands on a picture, and the address that names it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from weatherapp.models import Place
from weatherapp.pages.alert_line import AlertLine, sort_worst_first
from weatherapp.pages.pictures.drawing import Wanted

SPACES = re.compile(r"[^\S\u00a0]+")  # but those that hold two words together
VERSION = "v"

register = template.Library()


def want_alert(line: AlertLine) -> Wanted:
    severity = line.alert.severity if line.is_confirmed else ""
    return _write("alert", severity, {"line": line, "alert": line.alert})


def want_place(place: Place, lines: Iterable[AlertLine]) -> Wanted:
    """`lines`: of its open alerts."""
    sure = [line for line in sort_worst_first(lines) if line.is_confirmed]
    severity = sure[0].alert.severity if sure else ""
    return _write("place", severity, {"place": place, "lines": sure})


def mark_of(wanted: Wanted) -> str:
    """Another picture, another mark."""
    marked = json.dumps([settings.COMMIT, wanted], sort_keys=True).encode()
    return blake2b(marked, digest_size=9).hexdigest()


# Networks keep a picture by its address for days, whatever its headers say.


@register.simple_tag
def alert_picture(line: AlertLine) -> str:
    return _address("alert_picture", line.alert.pk, want_alert(line))


@register.simple_tag
def place_picture(place: Place, lines: Iterable[AlertLine]) -> str:
    return _address("place_picture", place.pk, want_place(place, lines))


def _address(name: str, pk: int, wanted: Wanted) -> str:
    return f"{reverse(name, args=[pk])}?{VERSION}={mark_of(wanted)}"


def _write(name: str, severity: str, context: Mapping[str, object]) -> Wanted:
    """What stands on the picture, from templates/pictures/: a line each, `name: text`.

    A name that comes again says what to write instead, where the font cannot write the first.
    """
    context = {**context, "site_name": settings.SITE_NAME}
    wanted: dict[str, str | list[str]] = {"severity": severity}
    texts: dict[str, list[str]] = {}
    for line in render_to_string(f"pictures/{name}.txt", context).splitlines():
        key, _, text = line.partition(": ")
        texts.setdefault(key.strip(), []).append(SPACES.sub(" ", text).strip())
    return wanted | {key: said for key, said in texts.items() if key}
