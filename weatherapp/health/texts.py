"""Findings in plain words, for programs and logs: always in English.

The words stand in templates/status/finding.html, which the status page shows in the reader's language.
"""

from __future__ import annotations

from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from weatherapp.health.findings import Finding

TEMPLATE = "status/finding.html"


def describe(finding: Finding) -> str:
    """A sentence or two of plain text."""
    context = Context({"finding": finding}, autoescape=False)
    with translation.override("en"):
        text: str = get_template(TEMPLATE).template.render(context)  # type: ignore[attr-defined]
    return text.strip()
