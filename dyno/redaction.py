"""What a log must not hold: links that act, keys, passwords, addresses of people."""

from __future__ import annotations

import re
import socket

HIDDEN = "[hidden]"

# Whoever has one of a subscriber's links may act for the subscriber.
_LINK = re.compile(r"(/subscriptions/)[^/\s?#\"']+", re.IGNORECASE)

# What Django signed: the value, perhaps a time, and 43 characters of signature.
_SIGNED = re.compile(
    r"(?:[\w.+=-]{0,200}(?::|%3A)){1,3}[\w-]{43}(?![\w-])",
    re.IGNORECASE,
)

# User and password of a URL; up to the last @, since some passwords hold one.
_URL_USER = re.compile(r"\b([a-z][a-z0-9+.-]{0,20}://)\S*@", re.IGNORECASE)

# Keys by name, in query strings, dictionaries (also printed, also cut short) and connection strings.
_NAMED = re.compile(
    r"""
    ( [\w-]{0,40} (?:api[_-]?key|token|secret|passw(?:or)?d|signature|sessionid) [\w-]{0,40}
      [\\"']* \s{0,2} (?: = | : | %3D ) \s{0,2} )
    (?: b?\\*" (?:[^"\\]|\\++.)* "? | b?\\*' (?:[^'\\]|\\++.)* '? | [^\s&]+ )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_QUERY = re.compile(r"([?&](?:key|sig|auth|code|appid)=)[^\s&#\"']+", re.IGNORECASE)

# Celery's node names, like worker@host.example, look like addresses of people and are none.
_ADDRESS = re.compile(
    rf"""
    (?: "[^"@\n]{{1,64}}" | \w[\w.!\#$%&'*+/=?^`{{|}}~-]{{0,64}} )
    (?: (?!@{re.escape(socket.gethostname())}\b) @ | %40 )
    [\w-]+ (?:\.[\w-]+)+
    """,
    re.VERBOSE,
)


def redact(text: str) -> str:
    """The same text without what only some may know."""
    text = _LINK.sub(rf"\1{HIDDEN}", text)
    text = _SIGNED.sub(HIDDEN, text)
    text = _URL_USER.sub(rf"\1{HIDDEN}@", text)
    text = _NAMED.sub(rf"\1{HIDDEN}", text)
    text = _QUERY.sub(rf"\1{HIDDEN}", text)
    return _ADDRESS.sub(HIDDEN, text)
