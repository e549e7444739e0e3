"""Parts of addresses: see models/slugs.py for those with words."""

from __future__ import annotations


class IdWithWords:
    """`12-jfk-airport` and `12` both lead to 12: an address never breaks when a name changes."""

    regex = r"[0-9]+(?:-[\w-]*)?"

    def to_python(self, value: str) -> int:
        return int(value.partition("-")[0])

    def to_url(self, value: int | str) -> str:
        return str(value)


class FeedForm:
    """How a feed is written."""

    regex = "atom|rss|geojson|json"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
