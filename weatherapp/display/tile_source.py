"""Where the movable map has its pictures from: what the operator has set, or nothing. Pure but for settings.

The address becomes part of the content policy, so it is taken apart here and never passed on as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

PLACEHOLDERS = {"z", "x", "y"}
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")  # an international name as xn--...
ADDRESS = re.compile(r"[!-~]+")  # nothing that an address would have to escape


class Problem(StrEnum):
    """What is wrong with the settings; weatherapp/checks.py has the words."""

    NO_ADDRESS = "no-address"
    OTHER_PLACEHOLDERS = "other-placeholders"
    MANY_HOSTS = "many-hosts"
    PLAIN_HTTP = "plain-http"
    NO_ATTRIBUTION = "no-attribution"
    BAD_ATTRIBUTION = "bad-attribution"


class TileSourceError(ValueError):
    """`problem` says what the operator has to mend."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Credit:
    """A part of the attribution; a link where `url` is not empty."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class TileSource:
    """`url` has {z}, {x} and {y}; `origin` is what the content policy allows, `host` what readers are told."""

    url: str
    origin: str
    host: str
    credits: tuple[Credit, ...]


def find_tile_source() -> TileSource | None:
    """None where nothing is set, and where what is set cannot be used: the release says why."""
    try:
        return read_tile_source(
            settings.MAP_TILES_URL, settings.MAP_TILES_ATTRIBUTION, is_https=settings.IS_HTTPS
        )
    except TileSourceError:
        return None


def read_tile_source(url: str, attribution: str, *, is_https: bool) -> TileSource | None:
    """None where both are empty. Raises TileSourceError. `is_https`: the site itself is reached so."""
    if not url and not attribution:
        return None
    parts = _read_address(url)
    if is_https and parts.scheme != "https":
        raise TileSourceError(Problem.PLAIN_HTTP)  # browsers would load none of them
    if not attribution.strip():
        raise TileSourceError(Problem.NO_ATTRIBUTION)
    origin = f"{parts.scheme}://{parts.netloc.lower()}"
    return TileSource(url, origin, parts.hostname or "", read_credits(attribution))


def read_credits(attribution: str) -> tuple[Credit, ...]:
    """From text with links, as providers give it: <a href="https://..."> and nothing else."""
    reader = _CreditReader()
    reader.feed(attribution)
    reader.close()
    if reader.is_bad or reader.link or not reader.credits:
        raise TileSourceError(Problem.BAD_ATTRIBUTION)
    return tuple(reader.credits)


def _read_address(url: str) -> SplitResult:
    names = re.findall(r"\{([^{}]*)\}", url)
    if "s" in names:
        raise TileSourceError(Problem.MANY_HOSTS)
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        raise TileSourceError(Problem.NO_ADDRESS) from None
    is_web = parts.scheme in ("http", "https") and bool(ADDRESS.fullmatch(url))
    # Also no name and password: they would stand in the policy, and browsers refuse such pictures.
    is_host = bool(HOST.fullmatch(parts.hostname or "")) and "@" not in parts.netloc
    if not (is_web and is_host and has_port):
        raise TileSourceError(Problem.NO_ADDRESS)
    if sorted(names) != sorted(PLACEHOLDERS):
        raise TileSourceError(Problem.OTHER_PLACEHOLDERS)
    return parts


class _CreditReader(HTMLParser):
    """Keeps text and links; whatever else there is makes it bad."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.credits: list[Credit] = []
        self.link = ""
        self.is_bad = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href") or ""
        is_link = tag == "a" and href.startswith(("https://", "http://"))
        self.is_bad |= not is_link or bool(self.link)
        self.link = href

    def handle_endtag(self, tag: str) -> None:
        self.is_bad |= tag != "a" or not self.link
        self.link = ""

    def handle_data(self, data: str) -> None:
        text = data.replace("\n", " ")
        last = self.credits.pop() if self.credits else Credit("", self.link)
        if last.url == self.link:  # a lone "<" comes by itself
            self.credits.append(Credit(last.text + text, self.link))
        else:
            self.credits += [last, Credit(text, self.link)]

    def handle_comment(self, data: str) -> None:
        self.is_bad = True

    def handle_decl(self, decl: str) -> None:
        self.is_bad = True

    def handle_pi(self, data: str) -> None:
        self.is_bad = True

    def unknown_decl(self, data: str) -> None:
        self.is_bad = True
