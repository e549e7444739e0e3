"""`make run`: the whole site on this machine, with whatever is missing brought along."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from weatherapp.operations.local import prepare
from weatherapp.operations.local.procfile import PROCFILE, ProcfileError


class Command(BaseCommand):
    help = "Run the Procfile's processes here, with an embedded Redis server and a demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="The site's port; default PORT or 8000.")
        parser.add_argument(
            "--without",
            action="append",
            default=[],
            metavar="PROCESS",
            help="A process of the Procfile to leave out, for example one run in a debugger.",
        )
        parser.add_argument(
            "--procfile",
            default=PROCFILE,
            help="Procfile.single runs everything in 256 MB, with the LiteRT runtime.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            prepare.run(
                port=options["port"],
                without=options["without"],
                procfile=options["procfile"],
                out=self.stdout,
            )
        except (prepare.LocalRunError, ProcfileError) as error:
            raise CommandError(str(error)) from error
