"""Names as they are compared: without case, accents and punctuation. Pure."""

from __future__ import annotations

import re
import unicodedata

PUNCTUATION = re.compile(r"[\W_]+")
# Letters that Unicode does not take apart, but people type as these.
SPELT = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "\u0131": "i", "ħ": "h"})


def fold_name(name: str) -> str:
    """ "Saint-Étienne" and "saint etienne" are one name: "saint etienne"."""
    parts = unicodedata.normalize("NFKD", name.casefold().translate(SPELT))
    plain = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return PUNCTUATION.sub(" ", plain).strip()
