"""What came of a model's answers at a place: its online calibration there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields

from django.db import models
from django.utils.translation import gettext_lazy as _

from predictor.online_calibration import UNCALIBRATED, PlattScaling, Scalings
from weatherapp.models.place import Place
from weatherapp.models.stored import as_number, read_list


class PlaceCalibration(models.Model):
    """Of one model version at one place: see predictor/online_calibration.py.

    What it is applied to is the answers of that version alone; one that comes back goes on.
    """

    place = models.ForeignKey(
        Place,
        verbose_name=_("place"),
        on_delete=models.CASCADE,
        related_name="calibrations",
        db_index=False,  # one_calibration_a_model begins with it
    )
    model_version = models.CharField(
        _("model version"), max_length=80, help_text=_("Whose answers were learned from.")
    )
    answers = models.PositiveIntegerField(
        _("answers"), default=0, help_text=_("Learned from, of this model version.")
    )
    learned_until_at = models.DateTimeField(
        _("learned until"),
        help_text=_("End of the newest window whose answer is counted, by the place's clock."),
    )
    scalings = models.JSONField(
        _("scalings"),
        default=list,
        help_text=_(
            "A list a target (24 hours, any of 6, any of 24): the five numbers of "
            "predictor.online_calibration.PlattScaling, in its order. Empty: the model's own."
        ),
    )
    updated_at = models.DateTimeField(_("updated at"), help_text=_("Real time."))

    class Meta:
        verbose_name = _("place calibration")
        verbose_name_plural = _("place calibrations")
        ordering = ["place__name", "-learned_until_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "model_version"], name="one_calibration_a_model"
            )
        ]

    def __str__(self) -> str:
        return f"{self.place}, {self.model_version}"

    def read_scalings(self) -> Scalings:
        """The model's own where another release wrote something else: it is learned anew."""
        stored = read_list(self.scalings, f"calibration {self.pk}")
        scalings = [_parse_scaling(numbers) for numbers in stored]
        known = tuple(scaling for scaling in scalings if scaling is not None)
        return known if len(known) == len(stored) == len(UNCALIBRATED) else UNCALIBRATED

    def set_scalings(self, scalings: Sequence[PlattScaling]) -> None:
        self.scalings = [list(astuple(scaling)) for scaling in scalings]


def _parse_scaling(stored: object) -> PlattScaling | None:
    numbers = [as_number(value) for value in stored] if isinstance(stored, list) else []
    known = [number for number in numbers if number is not None]
    is_whole = len(known) == len(numbers) == len(fields(PlattScaling))
    return PlattScaling(*known) if is_whole else None
