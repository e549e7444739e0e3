"""`manage.py check` tells what no process would start with."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, register

from weatheralert.mistakes import MISTAKES


@register
def check_environment(**_: Any) -> list[Error]:
    return [Error(mistake.text, hint=mistake.way_out, id=mistake.id) for mistake in MISTAKES]
