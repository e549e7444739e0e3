"""A try to log in, as the admin's login view answers it: let in, refused, or told to wait."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from weatherapp.admin.login.attempt import Attempt, read_attempt, remember_device
from weatherapp.admin.login.gate import BusyError, admit
from weatherapp.models.budget import TooManyRequestsError

logger = logging.getLogger(__name__)

BUSY_S = 3
MINUTE_S = 60

LoginView = Callable[[HttpRequest], HttpResponse]


def try_to_log_in(request: HttpRequest, login: LoginView) -> HttpResponse:
    """`login` looks at the password; its redirect says that it was right."""
    attempt = read_attempt(request)
    try:
        with admit(attempt, now=timezone.now()):
            response = login(request)
    except TooManyRequestsError as error:
        logger.warning("Admin login refused, too many tries: %s (%s)", attempt, error)
        return _tell_to_wait(request, 429, math.ceil(error.retry_after_s))
    except BusyError:
        logger.warning("Admin login refused, another one is being looked at: %s", attempt)
        return _tell_to_wait(request, 503, BUSY_S)
    return _write_down(response, attempt)


def _write_down(response: HttpResponse, attempt: Attempt) -> HttpResponse:
    if response.status_code == 302:
        logger.info("Admin login: %s", attempt)
        remember_device(response, attempt)
    else:
        logger.warning("Admin login failed: %s", attempt)
    return response


def _tell_to_wait(request: HttpRequest, status: int, seconds: int) -> HttpResponse:
    """No word on what is counted for whom: that would tell which names exist."""
    wait = {"seconds": seconds, "minutes": math.ceil(seconds / MINUTE_S)}
    response = render(request, "admin/login_wait.html", {"status": status, **wait}, status=status)
    response["Retry-After"] = str(seconds)
    return response
