"""A name for a group of places."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Tag(models.Model):
    name = models.CharField(_("name"), max_length=40, help_text=_("For example “coast”."))

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="one_tag_a_name",
                violation_error_message=_("There is a tag with this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
