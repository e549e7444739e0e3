"""People's wishes for a prediction: made, shared, cancelled, forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from weatherapp.forecasting.asking.dispatch import send_peoples
from weatherapp.forecasting.asking.requests import request_for_person
from weatherapp.models import (
    Place,
    PredictionRequest,
    RequestOrigin,
    RequestState,
    Ticket,
)

KEPT = timedelta(days=7)


class TooLateError(RuntimeError):
    """Nothing is left to cancel: it was answered, refused or ran out of time."""


def ask(place: Place, *, now: datetime) -> Ticket:
    """Ask from the readings at hand; who asks about the same place and hour shares the answer."""
    with transaction.atomic():
        request = request_for_person(place, now=now)
        transaction.on_commit(partial(send_peoples, now=now))
        return Ticket.objects.create(request=request, created_at=now)


def cancel(ticket: Ticket, *, now: datetime) -> None:
    """Wait no longer; the request goes as well when nobody else wants it.

    Safe to call twice. Raises TooLateError.
    """
    with transaction.atomic():
        request = PredictionRequest.objects.select_for_update().get(pk=ticket.request_id)
        ticket.refresh_from_db()
        if ticket.cancelled_at is not None:
            return
        if request.state != RequestState.WAITING:
            raise TooLateError(f"{ticket.pk} is {request.state}")
        ticket.cancelled_at = now
        ticket.save(update_fields=["cancelled_at"])
        if request.origin == RequestOrigin.PERSON and not _is_wanted(request):
            _cancel_request(request, now=now)


def forget_old(*, now: datetime) -> None:
    """Delete the tickets of a week ago; the answers stay."""
    Ticket.objects.filter(created_at__lte=now - KEPT).delete()


def _is_wanted(request: PredictionRequest) -> bool:
    return request.tickets.filter(cancelled_at__isnull=True).exists()


def _cancel_request(request: PredictionRequest, *, now: datetime) -> None:
    """What is not sent yet never is; the answer to what is under way is ignored."""
    request.state, request.finished_at = RequestState.CANCELLED, now
    request.save(update_fields=["state", "finished_at"])
