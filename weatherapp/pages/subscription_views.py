"""Subscribing, confirming and leaving. Mail scanners open links, so only a POST changes anything."""

from __future__ import annotations

import logging
from functools import partial

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError

from weatherapp import tasks
from weatherapp.delivery import subscriptions
from weatherapp.models import Place, Subscription
from weatherapp.pages.forms import SubscribeForm
from weatherapp.pages.place import read_place
from weatherapp.pages.replay import describe_replay, read_clocks

logger = logging.getLogger(__name__)


@require_POST
def subscribe(request: HttpRequest, pk: int) -> HttpResponse:
    """The same answer whether or not the address was known."""
    place = get_object_or_404(Place, pk=pk)
    form = SubscribeForm(request.POST)
    now = timezone.now()
    if not form.is_valid():
        page = read_place(place, now=now)
        context = {"page": page, "replay": page.replay, "form": form}
        return render(request, "place/page.html", context, status=422)
    row = subscriptions.subscribe(place, email=form.cleaned_data["email"], now=now)
    transaction.on_commit(partial(_queue_confirmation, row.pk))
    return redirect("subscribed", pk=pk)


@require_safe
def subscribed(request: HttpRequest, pk: int) -> HttpResponse:
    place = get_object_or_404(Place, pk=pk)
    return _render(request, "subscription/check_mail.html", place)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    try:
        row = subscriptions.read_token(token)
        if request.method == "POST":
            subscriptions.confirm(row, now=timezone.now())
            return _render(request, "subscription/confirmed.html", row.place, row)
    except subscriptions.BadToken as error:
        return _refuse(request, error)
    return _render(request, "subscription/confirm.html", row.place, row)


@csrf_exempt  # mail programs post here for their reader (RFC 8058); the token is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    try:
        row = subscriptions.read_token(token)
    except subscriptions.BadToken as error:
        return _refuse(request, error)
    if request.method == "POST":
        subscriptions.unsubscribe(row, now=timezone.now())
        return _render(request, "subscription/unsubscribed.html", row.place, row)
    return _render(request, "subscription/unsubscribe.html", row.place, row)


def _queue_confirmation(subscription_id: int) -> None:
    try:
        tasks.queue_mails()
    except OperationalError as error:
        # Nothing is lost: a tick finds the mail that is still owed.
        logger.warning("Confirmation of %s is not queued: %s", subscription_id, error)


def _render(
    request: HttpRequest, template: str, place: Place, row: Subscription | None = None
) -> HttpResponse:
    replay = describe_replay(place, read_clocks(timezone.now()))
    context = {"place": place, "subscription": row, "replay": replay}
    return render(request, template, context)


def _refuse(request: HttpRequest, error: subscriptions.BadToken) -> HttpResponse:
    status = 410 if isinstance(error, subscriptions.ConfirmationTooLate) else 404
    return render(request, "subscription/bad_link.html", {"reason": str(error)}, status=status)
