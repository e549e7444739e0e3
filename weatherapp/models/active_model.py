"""Which of the predictor's models answers."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from predictor.shipped import list_shipped_models


def check_is_shipped(name: str) -> None:
    """Raise ValidationError unless this release holds the model."""
    shipped = list_shipped_models()
    if name not in shipped:
        raise ValidationError(
            _("This release has no model %(name)s; it has: %(shipped)s"),
            params={"name": name, "shipped": ", ".join(shipped) or "none"},
        )


class ActiveModelManager(models.Manager["ActiveModel"]):
    def find_name(self) -> str | None:
        """What the next request names; None leaves the choice to the predictor."""
        return self.values_list("name", flat=True).first()


class ActiveModel(models.Model):
    """One row or none. Each request to the predictor names this model, so a change needs no restart.

    A row that a later release no longer ships is refused by the predictor, by name.
    """

    id = models.PositiveSmallIntegerField(_("ID"), primary_key=True, default=1, editable=False)
    name = models.CharField(_("name"), max_length=64, validators=[check_is_shipped])

    objects = ActiveModelManager()

    class Meta:
        verbose_name = _("active model")
        verbose_name_plural = _("active models")
        constraints = [
            models.CheckConstraint(name="one_active_model", condition=models.Q(id=1)),
        ]

    def __str__(self) -> str:
        return self.name
