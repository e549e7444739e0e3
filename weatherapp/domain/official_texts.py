"""Which of an authority's texts a reader gets. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Text = Mapping[str, str]


def choose_text(texts: Sequence[Text], language: str) -> Text:
    """The first in the reader's language, else the first that the authority wrote; {} of none.

    Languages are RFC 5646's, of which only the first part is compared: `fr-CH` is read by `fr`.
    """
    its = (
        text for text in texts if find_primary(text.get("language", "")) == find_primary(language)
    )
    return next(its, texts[0] if texts else {})


def find_primary(language: str) -> str:
    """`de` of `de-AT` or `DE_at`."""
    return language.replace("_", "-").partition("-")[0].strip().lower()
