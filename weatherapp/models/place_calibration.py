"""What a place's own misses have taught about a model's answers there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields

from django.db import models

from predictor.recalibration import OWN_LINES, Line
from weatherapp.models.place import Place
from weatherapp.models.stored import as_number, read_list


class PlaceCalibration(models.Model):
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
        """The model's own where another release wrote something else: it is learned anew."""
        stored = read_list(self.lines, f"recalibration {self.pk}")
        lines = [_parse_line(numbers) for numbers in stored]
        known = tuple(line for line in lines if line is not None)
        return known if len(known) == len(stored) == len(OWN_LINES) else OWN_LINES

    def set_lines(self, lines: Sequence[Line]) -> None:
        self.lines = [list(astuple(line)) for line in lines]


def _parse_line(stored: object) -> Line | None:
    numbers = [as_number(value) for value in stored] if isinstance(stored, list) else []
    known = [number for number in numbers if number is not None]
    return Line(*known) if len(known) == len(numbers) == len(fields(Line)) else None
