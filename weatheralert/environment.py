"""Reads the environment's variables; what cannot be is noted by name, and the default stands in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ

from weatheralert.mistakes import Kind, note

BASE_DIR = Path(__file__).resolve().parent.parent
TRUE, FALSE = ("true", "on", "yes", "y", "ok", "1"), ("false", "off", "no", "n", "0")

env = environ.Env()
env.read_env(BASE_DIR / ".env")  # the environment itself wins


def text(name: str, default: str = "") -> str:
    """The variable's value; an empty one counts as not set."""
    value: str = env.str(name, default="")
    return value or default


def words(name: str) -> list[str]:
    """What stands between the variable's commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def missing(name: str, why: str) -> str:
    """For what has no default. What it gives is seen by `manage.py check` alone."""
    way_out = (
        "Set it in the environment (see .env.example), or start with `make run`, "
        "which writes local values into .env."
    )
    note(Kind.NOT_SET, f"{name} is not set: {why}", way_out)
    return "unset"


def number(name: str, default: int, *, least: int = 0) -> int:
    value = text(name, str(default))
    way_out = f"Leave {name} away for {default}."
    if not value.isdecimal():
        note(Kind.NO_NUMBER, f"{name} must be a whole number, got {value!r}.", way_out)
        return default
    if int(value) < least:
        note(Kind.TOO_SMALL, f"{name} must be at least {least}, got {value!r}.", way_out)
        return default
    return int(value)


def check_amount(name: str) -> None:
    """A number with or without a fraction, from 0 up, that other processes read."""
    value = text(name, "0")
    if not value.replace(".", "", 1).isdecimal():
        note(Kind.NO_NUMBER, f"{name} must be a number, got {value!r}.", f"Leave {name} away.")


def choice(
    name: str, default: str, allowed: Sequence[str], *, fold: Callable[[str], str] = str
) -> str:
    """One of the words that are `allowed`, once it is folded."""
    value = fold(text(name, default))
    if value in allowed:
        return value
    names = " or ".join(allowed)
    note(Kind.NO_CHOICE, f"{name} must be {names}, got {value!r}.", f"Default: {default}.")
    return default


def flag(name: str, *, default: bool = False) -> bool:
    """`default` where nothing is said."""
    value = text(name, str(default)).lower()
    if value not in TRUE + FALSE:
        way_out = "Say true or false."
        note(Kind.NEITHER_TRUE_NOR_FALSE, f"{name} is neither true nor false: {value!r}.", way_out)
    return value in TRUE


def web_address(name: str, default: str = "") -> str:
    """An http:// or https:// URL, or nothing."""
    value = text(name, default)
    if value and not _is_web_address(value):
        way_out = "It begins with https:// and a host, such as https://weather.example.org."
        note(Kind.NO_WEB_ADDRESS, f"{name} is no address of the web.", way_out)
        return default
    return value


def mail_address(name: str, default: str = "") -> str:
    """An address, with or without a name before it, or nothing."""
    value = text(name, default)
    before, at, after = parseaddr(value)[1].rpartition("@")
    if value and not (before and at and after):
        way_out = "Write it as alerts@example.org, or as Weather alerts <alerts@example.org>."
        note(Kind.NO_MAIL_ADDRESS, f"{name} is no mail address: {value!r}.", way_out)
        return default
    return value


def address(
    name: str, default: str, read: Callable[[str], dict[str, Any]], schemes: Sequence[str]
) -> dict[str, Any]:
    """What `read` makes of the variable's URL; no part of it is shown."""
    value = text(name, default)
    try:
        if urlsplit(value).scheme in schemes:
            return read(value)
    except ValueError:
        way_out = (
            "In a user name or a password, characters such as / # ? @ : must be percent-encoded."
        )
        note(Kind.NO_URL, f"{name} is no URL that can be read.", way_out)
    else:
        begins = " or ".join(f"{scheme}://" for scheme in schemes)
        note(Kind.NO_URL, f"{name} is no URL that can be used.", f"It begins with {begins}.")
    return read(default)


def read_host(url: str) -> dict[str, Any]:
    """For `address`, where somebody else takes the URL apart."""
    parts = urlsplit(url)
    return {"host": parts.hostname, "port": parts.port}


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
