"""Messages that the processes rejected: look at them, then forget them."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from redis import RedisError

from dyno.poison import clear_poisoned, read_poisoned
from dyno.redis_client import kept_client


class Command(BaseCommand):
    help = "Print the messages that no process could work on, the newest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clear", action="store_true", help="Forget them after that.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = read_poisoned(kept_client())
            if options["clear"]:
                clear_poisoned(kept_client())
        except RedisError as error:
            raise CommandError(f"Redis does not answer: {type(error).__name__}.") from error
        self.stdout.write(f"{found.count} rejected, the newest {len(found.newest)} kept:")
        for entry in found.newest:
            self.stdout.write(f"{entry.kept_at} {entry.process_type} {entry.queue!a}")
            self.stdout.write(f"  {entry.size} bytes: {entry.reason!a}")
            self.stdout.write(f"  {entry.text!a}")
