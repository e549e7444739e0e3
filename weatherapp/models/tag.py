"""A name for a group of places."""

from __future__ import annotations

from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True, help_text="For example “coast”.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
