"""The demo before the worst of its storm: what is measured gets worse within the next hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.core.management import call_command

from weatherapp.intake.scenes.catalogue import SCENES
from weatherapp.operations import demo

# By midnight LaGuardia has strong wind, and persistent rain is Severe at all three stations.
PRESENT = datetime(2013, 6, 7, 20, tzinfo=UTC)


def prepare() -> None:
    """Two days are still to be played; run in `manage.py shell -c`."""
    call_command("migrate", verbosity=0)
    scene = demo.load(SCENES["andrea-2013"])
    scene.starts_at, scene.plays_until_at = PRESENT - timedelta(hours=48), PRESENT
    scene.save()
