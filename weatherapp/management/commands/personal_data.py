"""Hand out or delete everything about one address, when its owner asks for it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from weatherapp.delivery import personal_data
from weatherapp.delivery.addresses import Address, AddressError, parse_address


class Command(BaseCommand):
    help = "Export (JSON) or delete everything that is stored about one mail address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=("export", "delete"))
        parser.add_argument("address")
        parser.add_argument("--yes", action="store_true", help="Delete without asking.")

    def handle(self, *args: Any, what: str, address: str, yes: bool, **options: Any) -> None:
        try:
            parsed = parse_address(address)
        except AddressError as error:
            raise CommandError(f"This is no mail address: {error}.") from error
        if what == "export":
            self.stdout.write(
                json.dumps(personal_data.export(parsed, now=timezone.now()), indent=2)
            )
        else:
            self._delete(parsed, sure=yes)

    def _delete(self, address: Address, *, sure: bool) -> None:
        counts = _say(personal_data.count(address))
        if not sure and input(f"Delete {counts} of {address.email}? [y/N] ").lower() != "y":
            raise CommandError("Nothing was deleted.")
        self.stdout.write(f"Deleted: {_say(personal_data.delete(address))}.")


def _say(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in counts.items())
