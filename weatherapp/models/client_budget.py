"""How many more requests a client may make now."""

from __future__ import annotations

from django.db import models


class ClientBudget(models.Model):
    """One token bucket; a row that would be full again may be deleted."""

    client = models.CharField(
        max_length=64, primary_key=True, help_text="A keyed hash: no address is stored."
    )
    tokens = models.FloatField(help_text="As of `counted_at`; they grow back with time.")
    counted_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.client[:8]}: {self.tokens:.1f}"
