"""What an authority says, in the language that suits the reader. Their words are plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import get_language, get_language_info

from weatherapp.models import OfficialEvent

TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
UNKNOWN = "und"  # BCP 47's word for a language that nobody named
TEXTS_SHOWN = 6  # of one language: a message may have a part for each of many areas
LONGEST_TEXT = 6000  # characters of one paragraph
WORDS = ("event", "headline", "description", "instruction", "contact")


@dataclass(frozen=True, slots=True)
class Text:
    """One part of a message in one language. Empty is what the issuer does not say."""

    language: str  # BCP 47
    event: str
    headline: str
    description: str
    instruction: str
    contact: str
    web: str  # an address of the web, or empty
    level: str  # the issuer's own, such as "2; yellow; Moderate"

    @property
    def is_readers(self) -> bool:
        return _primary(self.language) == _primary(get_language() or "")

    @property
    def has_more(self) -> bool:
        """Whether there is anything beside the event's name."""
        return bool(self.headline or self.description or self.instruction)


@dataclass(frozen=True, slots=True)
class Translation:
    """All parts in one language."""

    language: str
    texts: tuple[Text, ...]

    @property
    def is_readers(self) -> bool:
        return self.texts[0].is_readers


def read_translations(event: OfficialEvent) -> tuple[Translation, ...]:
    """The reader's language first, then as the issuer has them; none where nothing is said."""
    by_language: dict[str, dict[Text, None]] = {}
    for said in _list_said(event):
        text = _read(said)
        by_language.setdefault(text.language, {})[text] = None
    found = [Translation(name, tuple(texts)[:TEXTS_SHOWN]) for name, texts in by_language.items()]
    return tuple(sorted(found, key=lambda one: not one.is_readers))


def read_text(event: OfficialEvent) -> Text | None:
    """In the reader's language where the issuer has it, else in the issuer's first."""
    translations = read_translations(event)
    return translations[0].texts[0] if translations else None


def pick_text(events: Iterable[OfficialEvent]) -> Text | None:
    """Of several issuers the first that speaks the reader's language, else the first at all."""
    texts = [text for event in events if (text := read_text(event)) is not None]
    return next((text for text in texts if text.is_readers), texts[0] if texts else None)


def name_language(code: str) -> str:
    """In the reader's language; empty where the code is of no language that is known."""
    for known in (code.lower(), _primary(code)):
        try:
            return str(get_language_info(known)["name_translated"])
        except KeyError:
            continue
    return ""


def keep_web(address: object) -> str:
    """The address where it leads into the web; empty for any other."""
    text = str(address or "").strip()
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return text if is_web else ""


def _list_said(event: OfficialEvent) -> Sequence[Mapping[str, Any]]:
    """Of a row that cannot be unpacked nothing."""
    return [said for said in event.texts or () if isinstance(said, dict)]


def _read(said: Mapping[str, Any]) -> Text:
    words = {name: _tidy(said.get(name)) for name in WORDS}
    return Text(
        language=_read_language(str(said.get("language", ""))),
        web=keep_web(said.get("web")),
        level=_tidy(said.get("awareness_level")),
        **words,
    )


def _tidy(words: object) -> str:
    """Lines end without blanks, and paragraphs are one blank line apart."""
    lines = [" ".join(line.split()) for line in str(words or "").splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:LONGEST_TEXT]


def _read_language(written: str) -> str:
    tag = written.strip().replace("_", "-")
    return tag if TAG.match(tag) else UNKNOWN


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()
