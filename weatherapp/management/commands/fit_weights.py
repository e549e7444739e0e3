"""Learn now what the ticks would learn in hours: weights from scores, and the places' calibrations."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from weatherapp.forecasting.blending import learn_calibration, weights
from weatherapp.forecasting.scoring import outcomes
from weatherapp.models import BlendWeight, Place


class Command(BaseCommand):
    help = (
        "Score the hours whose observations have come, fit the weights of model and source, and "
        "learn each place's calibration."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        place_ids = list(Place.objects.order_by("pk").values_list("pk", flat=True))
        cases = outcomes.score_places(place_ids)
        weights.learn_weights(now=timezone.now())
        answers = learn_calibration.learn_calibrations(place_ids, now=timezone.now())
        self.stdout.write(f"{cases} new cases; places learned from {answers} new answers")
        for row in BlendWeight.objects.order_by("source", "first_lead_hours"):
            self.stdout.write(_describe(row))


def _describe(row: BlendWeight) -> str:
    origin = "learned from" if row.is_learned else "default, so far"
    scores = (
        f"{name} {'-' if score is None else f'{score:.4f}'}"
        for name, score in (
            ("model", row.model_brier),
            ("source", row.source_brier),
            ("site", row.site_brier),
        )
    )
    return (
        f"{row}: intercept {row.intercept:+.2f}, model {row.model_weight:.2f}, "
        f"source {row.source_weight:.2f}, {origin} {row.hours} hours; Brier " + ", ".join(scores)
    )
