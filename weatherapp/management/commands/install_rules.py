"""`manage.py install_rules`: the catalogue's new rules, without touching edited ones."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from weatherapp.alerting.installing import install_rules


class Command(BaseCommand):
    help = "Install the rules that come with the site; run at each release."

    def handle(self, *args: Any, **options: Any) -> None:
        keys = install_rules(now=timezone.now())
        self.stdout.write(f"Rules installed or updated: {', '.join(keys) or 'none'}")
