"""manage.py source_calls: what the admin says above the list of places."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import strip_tags

from weatherapp.intake.allowance import read_allowance


class Command(BaseCommand):
    help = "Print how many calls a day the places take, how many there are, and what is done."

    def handle(self, *args: Any, **options: Any) -> None:
        context = {"allowance": read_allowance(timezone.now())}
        said = strip_tags(render_to_string("admin/places_allowance.html", context)).split()
        self.stdout.write(" ".join(said) or render_to_string("operations/no_limit.txt").strip())
