"""Subscribing, confirming and leaving. Mail scanners open links, so only a POST changes anything."""

from __future__ import annotations

import logging
import math
from functools import partial

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError

from weatherapp import tasks
from weatherapp.delivery import asking_limits, subscriptions
from weatherapp.delivery.addresses import parse_address
from weatherapp.delivery.tokens import CONFIRM, LEAVE, NEVER_AGAIN, make_token
from weatherapp.models import Alert, Place, Subscription
from weatherapp.models.alert import OPEN_STATES
from weatherapp.pages.alert_line import make_alert_line, sort_worst_first
from weatherapp.pages.client_address import make_client_key
from weatherapp.pages.forms import SubscribeForm
from weatherapp.pages.links import opens_with, render_about
from weatherapp.pages.place import read_place
from weatherapp.pages.replay import read_clocks
from weatherapp.pages.same_origin import from_our_page
from weatherapp.pages.versions import read_place_version
from weatherapp.pages.waits import wait_at_least

SEE_OTHER = 303
logger = logging.getLogger(__name__)


@from_our_page
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest, pk: int) -> HttpResponse:
    """The same answer whether or not the address was known; without the form, the way to it."""
    place = get_object_or_404(Place, pk=pk)
    if request.method != "POST":
        return HttpResponseRedirect(f"{place.get_absolute_url()}#subscribe", status=SEE_OTHER)
    form = SubscribeForm(request.POST)
    if not form.is_valid():
        return _show_form_again(request, place, form)
    now = timezone.now()
    try:
        asking_limits.spend_visit(make_client_key(request), now=now)
    except asking_limits.TooManyRequestsError as error:
        return _tell_to_wait(request, place, math.ceil(error.retry_after_s))
    row = subscriptions.subscribe(place, email=form.cleaned_data["email"], now=now)
    if row is not None:
        transaction.on_commit(partial(_queue_confirmation, row.pk))
    return redirect("subscribed", pk=pk)


@require_safe
def subscribed(request: HttpRequest, pk: int) -> HttpResponse:
    place = get_object_or_404(Place, pk=pk)
    active = Alert.objects.filter(place=place, state__in=OPEN_STATES).select_related("rule")
    clocks = read_clocks(timezone.now())
    lines = sort_worst_first(make_alert_line(alert, clocks) for alert in active)
    return render_about(request, "subscription/check_mail.html", place, alerts=lines)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_with(CONFIRM)
def confirm(request: HttpRequest, row: Subscription) -> HttpResponse:
    if request.method == "POST":
        subscriptions.confirm(row, now=timezone.now())
        return render_about(request, "subscription/confirmed.html", row.place)
    return render_about(request, "subscription/confirm.html", row.place, subscription=row)


@csrf_exempt  # mail programs post here for their reader (RFC 8058); the token is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_with(LEAVE)
def unsubscribe(request: HttpRequest, row: Subscription) -> HttpResponse:
    now = timezone.now()
    token = make_token(row, NEVER_AGAIN, at=now)
    if request.method == "POST":
        subscriptions.unsubscribe(row, now=now)
        return render_about(
            request, "subscription/unsubscribed.html", row.place, never_again_token=token
        )
    return render_about(
        request, "subscription/unsubscribe.html", row.place, never_again_token=token
    )


@never_cache
@require_POST
@opens_with(LEAVE, even_late=True)
def mail_leave_link(request: HttpRequest, row: Subscription) -> HttpResponse:
    """For who holds a link that was ours and is too old; the mail goes to the address itself."""
    subscriptions.ask_leave_link(row, now=timezone.now())
    transaction.on_commit(partial(_queue_confirmation, row.pk))
    return render_about(request, "subscription/leave_link_mailed.html", row.place)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_with(NEVER_AGAIN)
def never_again(request: HttpRequest, row: Subscription) -> HttpResponse:
    if request.method == "POST":
        subscriptions.never_again(parse_address(row.email), now=timezone.now())
        return render_about(request, "subscription/never_again_done.html", row.place)
    return render_about(request, "subscription/never_again.html", row.place)


def _show_form_again(request: HttpRequest, place: Place, form: SubscribeForm) -> HttpResponse:
    page = read_place(place.pk, now=timezone.now(), version=read_place_version(place.pk))
    names = [place.source_name]
    context = {"page": page, "replay": page.replay, "source_names": names, "form": form}
    return render(request, "place/page.html", context, status=422)


def _tell_to_wait(request: HttpRequest, place: Place, wait_s: int) -> HttpResponse:
    response = render_about(
        request, "subscription/too_many.html", place, status=429, wait=wait_at_least(wait_s)
    )
    response["Retry-After"] = str(wait_s)
    return response


def _queue_confirmation(subscription_id: int) -> None:
    try:
        tasks.queue_mails()
    except OperationalError as error:
        # Nothing is lost: a tick finds the mail that is still owed.
        logger.warning("Confirmation of %s is not queued: %s", subscription_id, error)
