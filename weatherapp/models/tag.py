"""A name for a group of places."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower


class Tag(models.Model):
    name = models.CharField(max_length=40, help_text="For example “coast”.")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="one_tag_a_name",
                violation_error_message="There is a tag with this name already.",
            )
        ]

    def __str__(self) -> str:
        return self.name
