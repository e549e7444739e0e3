"""What is told, and how it is made fit for every format. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What XML 1.0 has no way to write.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Text:
    """What is told, in one language (RFC 3066: en, fr)."""

    language: str
    event: str
    headline: str
    description: str
    instruction: str = ""


def clean(text: str) -> str:
    """Without what no XML document can hold."""
    return NOT_XML.sub("", text)
