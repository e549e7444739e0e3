"""Who tries to log in: for which user name, from where, and whether this browser was in before.

A browser from which a login succeeded carries a signed cookie, and its tries are counted apart
from everybody else's: an attacker who uses up a name's tries does not lock out the operator
(https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from weatherapp.pages.client_address import make_client_key, read_address

COOKIE = "known_device"
COOKIE_AGE = timedelta(days=180)
SHOWN_CHARACTERS = 40
_SALT = "weatherapp.admin.device"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try. Keys are keyed hashes; `device_key` is empty where the browser is not known."""

    name: str  # as typed, cut: for the log
    address: str
    name_key: str
    client_key: str
    device_key: str

    def __str__(self) -> str:
        return f"user name {self.name!r} from {self.address}"


def read_attempt(request: HttpRequest) -> Attempt:
    typed = request.POST.get("username", "")
    name_key = _make_name_key(typed)
    return Attempt(
        name=typed[:SHOWN_CHARACTERS],
        address=read_address(request),
        name_key=name_key,
        client_key=make_client_key(request),
        device_key=_read_device_key(request, name_key),
    )


def remember_device(response: HttpResponse, attempt: Attempt) -> None:
    """Each login gives a new cookie, whose tries are all left."""
    response.set_signed_cookie(
        COOKIE,
        f"{attempt.name_key}.{get_random_string(22)}",
        salt=_SALT,
        max_age=COOKIE_AGE,
        path=reverse("admin:index"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _read_device_key(request: HttpRequest, name_key: str) -> str:
    """Empty unless the cookie is ours, young enough and for this user name."""
    value = request.get_signed_cookie(COOKIE, default="", salt=_SALT, max_age=COOKIE_AGE)
    known_name, _, _ = (value or "").partition(".")
    if not constant_time_compare(known_name, name_key):
        return ""
    return _hash("device", value or "")


def _make_name_key(typed: str) -> str:
    """Spellings that Django's form would take for one name are one; so are its cases."""
    return _hash("name", unicodedata.normalize("NFKC", typed).strip().casefold())


def _hash(kind: str, value: str) -> str:
    return salted_hmac(f"weatherapp.admin.{kind}", value, algorithm="sha256").hexdigest()
