"""`manage.py draw_states`: writes docs/alert-states.md from the engine."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from weatherapp.alerting.engine.diagram import draw

HEAD = """# The states of a rule at a place

Made by `manage.py draw_states`, which walks through the engine; a test compares. What the words
mean is in [alerting.md](alerting.md).

"""


def make_page() -> str:
    """The page's text."""
    return f"{HEAD}```mermaid\n{draw()}```\n"


class Command(BaseCommand):
    help = "Write docs/alert-states.md from the engine."

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "alert-states.md"
        path.write_text(make_page())
        self.stdout.write(f"Wrote {path.relative_to(settings.BASE_DIR)}")
