"""Asking for a prediction now, waiting for it, cancelling: nothing here waits for the predictor."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse

from weatherapp.api.operations import Call, Operation
from weatherapp.api.problems import ProblemError, not_found
from weatherapp.api.resources.alert import PLACE_OF
from weatherapp.api.resources.place import find_place
from weatherapp.api.schema import (
    ADDRESS,
    FLAG,
    INTEGER,
    NUMBER,
    PROBABILITY,
    TEXT,
    TIME,
    UUID,
    Resource,
    field,
    list_of,
    maybe,
    of,
    one_of,
)
from weatherapp.domain import rain
from weatherapp.forecasting.asking import allowance, tickets
from weatherapp.models import RequestState, Scope, Ticket
from weatherapp.models.stored import as_time
from weatherapp.pages.client_address import make_client_key
from weatherapp.pages.request_page import RequestPage
from weatherapp.pages.request_views import find_ticket

WEIGHT = Resource(
    "BlendWeight",
    "What model and source count with at some lead times, as log odds.",
    (
        field("first_lead_hours", INTEGER, "From.", unit="h"),
        field("last_lead_hours", maybe(INTEGER), "To.", unit="h"),
        field("intercept", maybe(NUMBER), "Added."),
        field("model", maybe(NUMBER), "Of the model."),
        field("source", maybe(NUMBER), "Of the source."),
        field("hours", maybe(INTEGER), "Hours that it was learned from."),
        field("is_learned", FLAG, "Whether it was learned at all."),
    ),
)

BLEND = Resource(
    "Blend",
    "How model and source were put together.",
    (
        field("source", TEXT, "Which source."),
        field(
            "issued_at",
            maybe(TIME),
            "As of when it is.",
            lambda blend: as_time(blend.issued_at),
        ),
        field(
            "hourly_probability",
            list_of(maybe(PROBABILITY)),
            "What the source says of each hour; null: nothing.",
        ),
        field("weights", list_of(of(WEIGHT)), "By lead time."),
    ),
)

RESULT = Resource(
    "PredictionResult",
    "What was predicted: probabilities of 0.1 mm or more, model and source together.",
    (
        field("window_end_at", TIME, "The last hour whose readings it knows."),
        field(
            "hourly_probability",
            list_of(PROBABILITY),
            "Of each of the 24 hours after that.",
            lambda row: row.site.hourly_probability,
        ),
        field(
            "probability_any_6h",
            PROBABILITY,
            "P(any rain in the first 6).",
            lambda row: row.site.any_within(rain.NEAR_HOURS),
        ),
        field(
            "probability_any_24h",
            PROBABILITY,
            "P(any rain in all 24).",
            lambda row: row.site.any_within(rain.FAR_HOURS),
        ),
        field(
            "model_hourly_probability",
            list_of(PROBABILITY),
            "What the model alone says, calibrated.",
            lambda row: row.calibrated.hourly_probability,
        ),
        field(
            "blend",
            maybe(of(BLEND)),
            "What it is made of; null where the source said nothing.",
            lambda row: row.read_blend(),
        ),
        field("model_name", TEXT, "Which model."),
        field("model_version", TEXT, "Its version."),
        field("answered_at", TIME, "When, by the real clock."),
    ),
)

REFUSAL = Resource(
    "PredictionRefusal",
    "Why there is no prediction.",
    (
        field("name", TEXT, "A code.", lambda ticket: ticket.request.error),
        field("message", TEXT, "In words.", lambda ticket: ticket.request.error_message),
    ),
)


def _of_turn(name: str) -> Callable[[RequestPage], Any]:
    return lambda page: page.turn and getattr(page.turn, name)


def _locate(page: RequestPage) -> str:
    return settings.SITE_URL + reverse("api_prediction", args=[page.ticket.pk])


def _cancel_address(page: RequestPage) -> str:
    return settings.SITE_URL + reverse("api_cancel", args=[page.ticket.pk])


TICKET = Resource(
    "Ticket",
    "A wish for a prediction of a place: who has its id may see and cancel it.",
    (
        field("id", UUID, "Its identifier, which cannot be guessed.", lambda page: page.ticket.pk),
        field("state", one_of(RequestState), "What has become of it."),
        field("place", of(PLACE_OF), "Where."),
        field(
            "position",
            maybe(INTEGER),
            "Its place in the queue, while it waits.",
            _of_turn("position"),
        ),
        field(
            "estimated_seconds",
            maybe(INTEGER),
            "How long it will wait, where that is known.",
            _of_turn("estimated_s"),
            "s",
        ),
        field(
            "predictors_alive",
            maybe(INTEGER),
            "How many work on the queue, while it waits; null: not known.",
            _of_turn("predictors"),
        ),
        field("created_at", TIME, "When it was asked.", lambda page: page.ticket.created_at),
        field(
            "expires_at",
            TIME,
            "After that nobody answers it.",
            lambda page: page.ticket.request.expires_at,
        ),
        field(
            "error",
            maybe(of(REFUSAL)),
            "Of one that was refused; else null.",
            lambda page: page.ticket if page.state == RequestState.REFUSED else None,
        ),
        field(
            "result", maybe(of(RESULT)), "Null until there is one.", lambda page: page.prediction
        ),
        field("url", ADDRESS, "Where to look how it goes on.", _locate),
        field("cancel_url", ADDRESS, "Where to POST to cancel it.", _cancel_address),
        field(
            "page",
            ADDRESS,
            "Its page for people.",
            lambda page: settings.SITE_URL + page.ticket.get_absolute_url(),
        ),
    ),
)


def _ask(call: Call) -> RequestPage:
    place = find_place(call)
    if not place.is_active:
        raise ProblemError(404, "There is no such place, or it is switched off.")
    # A key that allows it is its own budget, many times that of one client.
    key = call.key if call.key and call.key.allows(Scope.TICKETS) else None
    try:
        if key:
            allowance.spend_by_key(f"key-{key.pk}", now=call.now)
        else:
            allowance.spend(make_client_key(call.request), now=call.now)
    except allowance.TooManyRequestsError as error:
        seconds = math.ceil(error.retry_after_s)
        headers = {"Retry-After": str(seconds)}
        raise ProblemError(429, f"Ask again in {seconds} s.", headers=headers) from None
    return RequestPage(tickets.ask(place, now=call.now), call.now)


def _show(call: Call) -> RequestPage:
    return RequestPage(_find(call), call.now)


def _cancel(call: Call) -> RequestPage:
    row = _find(call)
    try:
        tickets.cancel(row, now=call.now)
    except tickets.TooLateError:
        detail = "It waits no longer: look at its address."
        raise ProblemError(409, detail, code="too_late") from None
    return RequestPage(row, call.now)


def _find(call: Call) -> Ticket:
    try:
        return find_ticket(call.path["prediction_id"])
    except Http404:
        raise not_found("request") from None


OPERATIONS = (
    Operation(
        "ask_for_prediction",
        "POST",
        "api_predictions",
        "Predictions",
        "Ask for a prediction now",
        TICKET,
        _ask,
        "From the readings at hand. Who asks about the same place and hour shares the answer. Needs no key, "
        "within a limit of its own; a key that allows `tickets:write` has ten times as much.",
        status=202,
        locate=_locate,
        problems=(404,),
    ),
    Operation(
        "show_prediction",
        "GET",
        "api_prediction",
        "Predictions",
        "Look at a prediction",
        TICKET,
        _show,
        problems=(404,),
    ),
    Operation(
        "cancel_prediction",
        "POST",
        "api_cancel",
        "Predictions",
        "Cancel a prediction",
        TICKET,
        _cancel,
        "409 where nothing waits any more. To cancel twice is to cancel once.",
        problems=(404, 409),
    ),
)
