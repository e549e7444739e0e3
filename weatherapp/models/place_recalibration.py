"""What a place's own misses have taught about a model's answers there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple

from django.db import models

from predictor.recalibration import OWN_LINES, Line
from weatherapp.models.place import Place


class PlaceRecalibration(models.Model):
    """One place's lines for the answers of one model version: see predictor/recalibration.py."""

    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="recalibration")
    model_version = models.CharField(max_length=80, help_text="Whose answers were learned from.")
    answers = models.PositiveIntegerField(
        default=0, help_text="Learned from, of this model version."
    )
    learned_until_at = models.DateTimeField(
        help_text="End of the newest window whose answer is counted, by the place's clock."
    )
    lines = models.JSONField(
        default=list,
        help_text="A list a target (24 hours, any of 6, any of 24): the five numbers of "
        "predictor.recalibration.Line, in its order. Empty: the model's own.",
    )
    updated_at = models.DateTimeField(help_text="Real time.")

    class Meta:
        ordering = ["place__name"]

    def __str__(self) -> str:
        return f"{self.place_id}, {self.model_version}"

    def read_lines(self) -> tuple[Line, ...]:
        return tuple(Line(*numbers) for numbers in self.lines) or OWN_LINES

    def set_lines(self, lines: Sequence[Line]) -> None:
        self.lines = [list(astuple(line)) for line in lines]
