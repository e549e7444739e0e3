"""Reads the environment's variables; what cannot be stops the start here, by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")  # the environment itself wins


def text(name: str, default: str = "") -> str:
    """The variable's value; an empty one counts as not set."""
    value: str = env.str(name, default="")
    return value or default


def words(name: str) -> list[str]:
    """What stands between the variable's commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def number(name: str, default: int, *, least: int = 0) -> int:
    """A whole number; anything else stops the start here."""
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, got {value!r}.")
    if int(value) < least:
        raise ImproperlyConfigured(f"{name} must be at least {least}, got {value!r}.")
    return int(value)


def address(name: str, default: str, read: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """What `read` makes of the variable's URL; the error shows no part of it."""
    try:
        return read(text(name, default))
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} is no URL that can be read: in a user name or a password, characters such as "
            "/ # ? @ : must be percent-encoded."
        ) from None


def required(name: str, why: str) -> str:
    """The variable's value; without one the start stops here."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set: {why} Set it in the environment (see .env.example), "
            "or start with `make run`, which writes local values into .env."
        )
    return value
