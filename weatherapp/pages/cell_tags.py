"""Cells of the admin's lists that know their column's heading: a phone shows a row as a list of its own.

Not in the admin: every process that renders a template loads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

register = template.Library()
TAG = len("<td")


@register.filter
def with_headings(cells: Iterable[str], headers: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Cells as Django makes them, `<td ...>` or `<th ...>`, with `data-heading` for admin.css.

    The column of checkboxes has markup for a heading, and gets none.
    """
    for cell, header in zip(cells, headers, strict=False):
        text = str(header.get("text", ""))
        if text and "<" not in text and cell.startswith(("<td", "<th")):
            attribute = format_html(' data-heading="{}"', capfirst(text))
            yield SafeString(cell[:TAG] + attribute + cell[TAG:])
        else:
            yield cell
