"""Times as authorities write them, which is seldom as CAP asks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

TIME = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)[T\s]\s*(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?"
    r"\s*(AM|PM|A\.M\.|P\.M\.|ص|م)?\s*(Z|[+-]\d\d?:?(?:\d\d)?)?",
    re.IGNORECASE,
)
AFTERNOON = ("PM", "P.M.", "م")
MORNING = ("AM", "A.M.", "ص")
# Thailand counts years from the Buddha's death: 2568 is 2025.
BUDDHIST_ERA_YEARS = 543
BUDDHIST_YEARS = range(2500, 2700)
LONGEST = 64  # characters


def read_time(text: str) -> datetime | None:
    """In UTC; None where it is no time. Without an offset it is taken for UTC."""
    text = text.strip()[:LONGEST]
    found = TIME.fullmatch(text)
    try:
        read_at = _build(found) if found else _read_mail_date(text)
        return None if read_at is None else read_at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _build(found: re.Match[str]) -> datetime:
    year, month, day, hour, minute = (int(found[index]) for index in range(1, 6))
    if year in BUDDHIST_YEARS:
        year -= BUDDHIST_ERA_YEARS
    midnight = datetime(year, month, day, tzinfo=_read_offset(found[8] or "Z"))
    hour = _on_24_hours(hour, (found[7] or "").upper())
    second = int(found[6] or 0)
    # 24:00 and a leap second's :60 are times of ISO 8601, though not of Python.
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute):
        raise ValueError("no time of day")
    return midnight + timedelta(hours=hour, minutes=minute, seconds=second)


def _on_24_hours(hour: int, half: str) -> int:
    if half in AFTERNOON and hour < 12:
        return hour + 12
    return 0 if half in MORNING and hour == 12 else hour


def _read_offset(text: str) -> timezone:
    if text.upper() == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    if len(digits) <= 2:
        digits = f"{int(digits):02}00"
    offset = timedelta(hours=int(digits[:-2]), minutes=int(digits[-2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _read_mail_date(text: str) -> datetime | None:
    """As RSS writes it."""
    if not text or not text[0].isalnum():
        return None
    read_at = parsedate_to_datetime(text)
    return read_at if read_at.tzinfo else read_at.replace(tzinfo=UTC)
