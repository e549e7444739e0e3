"""What must not be forgotten in production: `manage.py check --deploy`, which the release runs.

Each setting has a default that suits a local run. A deploy says what it wants, or the release
fails; where the unusual is meant, SILENCED_CHECKS names the check. What can be wrong without any
harm to a local run (the map's tiles) is looked at by each `manage.py check`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import Error as DatabaseError
from django.http.request import validate_host
from django.utils import timezone

from weatherapp.display.tile_source import Problem, TileSourceError, read_tile_source
from weatherapp.models import WarningSource
from weatherapp.net.errors import WrongAddressError

SQLITE = "sqlite:////srv/weatheralert/var/site.sqlite3"
# What Django says about a site without HTTPS, too.
PLAIN_HTTP = "weatherapp.E008,security.W004,security.W008,security.W012,security.W016"


@register(Tags.security, deploy=True)
def check_what_is_set(**_: Any) -> list[Error]:
    """Each of these would lose mails, rows or messages when a container is replaced."""
    errors = {
        "EMAIL_URL": _error(
            1,
            "EMAIL_URL is not set: mails would land in a folder of this machine, marked as sent.",
            "Set EMAIL_URL, for example smtp+tls://user:password@mail.example.org:587, "
            "or filemail:// where the folder is meant.",
        ),
        "DATABASE_URL": _error(
            2,
            "DATABASE_URL is not set: everything would be in a file that a new container forgets.",
            "Set DATABASE_URL, for example postgres://user:password@host:5432/name, "
            f"or {SQLITE} where SQLite on this machine is meant.",
        ),
        "REDIS_URL": _error(
            3,
            "REDIS_URL is not set: the processes would look for Redis each on its own machine.",
            "Set REDIS_URL, for example rediss://:password@host:6379/0, "
            "or redis://127.0.0.1:6379/0 where a server on this machine is meant.",
        ),
    }
    return [error for name, error in errors.items() if name in settings.UNSET]


@register(Tags.security, deploy=True)
def check_addresses(**_: Any) -> list[Error]:
    """How the site is reached, and as whom it writes."""
    return [*_check_hosts(), *_check_sender(), *_check_https()]


def _check_hosts() -> Iterator[Error]:
    site = urlsplit(settings.SITE_URL)
    if "*" in settings.ALLOWED_HOSTS:
        yield _error(
            4,
            "ALLOWED_HOSTS contains *: links in answers could be made to lead to any host.",
            "Name the hosts that readers use in ALLOWED_HOSTS, with commas between them.",
        )
    host = site.hostname or "*"
    if site.path or host[0] in "*." or not validate_host(host, settings.ALLOWED_HOSTS):
        yield _error(
            5,
            f"SITE_URL is {settings.SITE_URL}, which this site does not answer to.",
            "Set SITE_URL to https:// and one of ALLOWED_HOSTS, with nothing behind it: links in "
            "mails begin with it.",
        )


def _check_sender() -> Iterator[Error]:
    is_sent = settings.EMAIL_BACKEND.endswith(".smtp.EmailBackend")
    if is_sent and "DEFAULT_FROM_EMAIL" in settings.UNSET:
        yield _error(
            6,
            f"DEFAULT_FROM_EMAIL is not set: mails would come from {settings.DEFAULT_FROM_EMAIL}.",
            "Set DEFAULT_FROM_EMAIL to an address that your mail server may send from.",
        )


def _check_https() -> Iterator[Error]:
    if settings.IS_HTTPS and settings.PROXY_HOPS < 1:
        yield _error(
            7,
            "PROXY_HOPS is 0 with an https:// SITE_URL: all readers would count as one, the proxy.",
            "Set PROXY_HOPS to the number of proxies before the web process, usually 1.",
        )
    if not settings.IS_HTTPS:
        yield _error(
            8,
            f"SITE_URL is {settings.SITE_URL}, without HTTPS: passwords and links can be read.",
            "Set SITE_URL to an https:// address. Where plain HTTP is meant: "
            f"SILENCED_CHECKS={PLAIN_HTTP}",
        )


TILES_HINTS = {
    Problem.NO_ADDRESS: "It begins with https:// and one host, and has no blank and no password.",
    Problem.OTHER_PLACEHOLDERS: "Write {z}, {x} and {y} in it, each once, and nothing else in braces.",
    Problem.MANY_HOSTS: "Write the name of one host in place of {s}: readers are told it.",
    Problem.PLAIN_HTTP: "Use https://: on a site with HTTPS, browsers load no other pictures.",
    Problem.NO_ATTRIBUTION: "Set it to the credit that the provider of the tiles asks for.",
    Problem.BAD_ATTRIBUTION: 'Write text, and links as <a href="https://...">name</a>; no other tags.',
}
OF_THE_ATTRIBUTION = (Problem.NO_ATTRIBUTION, Problem.BAD_ATTRIBUTION)


@register()
def check_map_tiles(**_: Any) -> list[Error]:
    """The map that can be moved is left out while they are wrong."""
    try:
        read_tile_source(
            settings.MAP_TILES_URL, settings.MAP_TILES_ATTRIBUTION, is_https=settings.IS_HTTPS
        )
    except TileSourceError as error:
        hint = TILES_HINTS[error.problem]
        if error.problem not in OF_THE_ATTRIBUTION:
            return [_error(9, "MAP_TILES_URL is no address that tiles can be loaded from.", hint)]
        return [_error(10, "MAP_TILES_ATTRIBUTION cannot be shown with the map.", hint)]
    return []


@register(Tags.database)
def check_warning_sources(databases: Collection[str] | None = None, **_: Any) -> list[Error]:
    """`manage.py check --database default`: sources that are on and can never bring anything."""
    if not databases:
        return []
    try:
        rows = list(WarningSource.objects.on())
    except DatabaseError:  # not migrated yet
        return []
    return [
        _error(
            11,
            f"The source of warnings {row.key} is on, and its address leads nowhere: {fault}",
            "Correct its address in the admin, or switch it off. NET_ALLOW_PRIVATE=true lets the "
            "site ask machines of its own network.",
        )
        for row in rows
        if (fault := _find_address_fault(row.asked_address))
    ]


@register()
def check_mqtt(**_: Any) -> list[Error]:
    """Its client is installed where it is wanted."""
    if not settings.MQTT.is_on or find_spec("paho"):
        return []
    return [
        _error(
            12,
            "MQTT_URL is set, and the client that it needs is not installed.",
            "Install requirements/mqtt.txt beside requirements.txt: see docs/home-assistant.md.",
        )
    ]


def _find_address_fault(address: str) -> str:
    from weatherapp.net.guard import Guard  # with idna, which the web process can do without

    try:
        Guard(allow_private=settings.NET_ALLOW_PRIVATE).check_url(address)
    except WrongAddressError as error:
        return str(error)
    return ""


SIGNING_MISTAKES = {
    "NO_PACKAGE": (
        "the package cryptography is not installed.",
        "pip install -r requirements/signing.txt, where the worker runs.",
    ),
    "NO_KEY": ("CAP_SIGNING_KEY is not set.", "Set it, or leave CAP_SIGNING_CERTIFICATE away."),
    "NO_CERTIFICATE": (
        "CAP_SIGNING_CERTIFICATE is not set.",
        "Set it to the key's certificate: readers check by it.",
    ),
    "BAD_KEY": (
        "CAP_SIGNING_KEY cannot be read.",
        "Set it to a private key as PEM, or to the path of a file of it; without a password.",
    ),
    "UNFIT_KEY": (
        "CAP_SIGNING_KEY is no key that messages are signed with.",
        "Use RSA of 2,048 bits and more, or ECDSA on P-256, P-384 or P-521.",
    ),
    "BAD_CERTIFICATE": (
        "CAP_SIGNING_CERTIFICATE cannot be read.",
        "Set it to the key's certificate as PEM, and behind it those that lead to its authority; "
        "or to the path of a file of them.",
    ),
    "OTHER_CERTIFICATE": (
        "CAP_SIGNING_CERTIFICATE is not the certificate of CAP_SIGNING_KEY.",
        "Put the key's own certificate first.",
    ),
    "OUT_OF_DATE": (
        "CAP_SIGNING_CERTIFICATE is not valid now.",
        "Renew it: until then nothing is published.",
    ),
}


@register()
def check_signing_key(**_: Any) -> list[Error]:
    """The worker would publish nothing: a message without the signature that readers count on is worse."""
    key, certificate = settings.CAP_SIGNING_KEY, settings.CAP_SIGNING_CERTIFICATE
    if not (key or certificate):
        return []
    from weatherapp.publishing.signing import SigningError, load_signer

    try:
        signer = load_signer(key, certificate)
        signer.check_dates(timezone.now())
    except SigningError as error:
        text, way_out = SIGNING_MISTAKES[error.problem]
        return [_error(13, f"Alerts cannot be signed: {text}", way_out)]
    return []


def _error(number: int, text: str, way_out: str) -> Error:
    return Error(text, hint=way_out, id=f"weatherapp.E{number:03}")
