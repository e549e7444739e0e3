"""One person's wish for a place's prediction."""

from __future__ import annotations

import uuid

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from weatherapp.models.place import Place
from weatherapp.models.prediction import PredictionRequest, RequestState


class Ticket(models.Model):
    """Several people may wait for one request, and each may leave without taking it away.

    Whoever has the id may see and cancel it: it is the address of a page, and cannot be guessed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(PredictionRequest, on_delete=models.CASCADE, related_name="tickets")
    created_at = models.DateTimeField(db_index=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = _("tickets")

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("ticket", args=[self.pk])

    @property
    def place(self) -> Place:
        return self.request.place

    @property
    def state(self) -> RequestState:
        if self.cancelled_at is not None:
            return RequestState.CANCELLED
        return RequestState(self.request.state)

    @property
    def is_waiting(self) -> bool:
        return self.state == RequestState.WAITING
