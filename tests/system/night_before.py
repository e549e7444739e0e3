"""The demo before the worst of its storm: what is measured gets worse within the next hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.core.management import call_command

from tests.system.site import Site
from weatherapp.intake.scenes.catalogue import SCENES
from weatherapp.operations import demo

# By midnight LaGuardia has strong wind, and persistent rain is Severe at all three stations.
PRESENT = datetime(2013, 6, 7, 20, tzinfo=UTC)


def prepare(hours: int = 48) -> None:
    """So many are still to be played; run in `manage.py shell -c`."""
    call_command("migrate", verbosity=0)
    scene = demo.load(SCENES["andrea-2013"])
    scene.starts_at, scene.plays_until_at = PRESENT - timedelta(hours=hours), PRESENT
    scene.save()


def begin_before_it(site: Site, hours: int = 48) -> None:
    """As `prepare`, of a site that does not run yet; with tables, rules and places."""
    code = f"from tests.system import night_before; night_before.prepare({hours})"
    site.command("shell", "--no-imports", "-c", code)
