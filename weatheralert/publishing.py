"""The settings of what is published for machines; weatheralert/settings.py takes them in."""

from __future__ import annotations

from datetime import timedelta

from weatheralert.environment import choice, number, text

CAP_STATUS = choice("CAP_STATUS", "Test", ("Actual", "Exercise", "Test"))
# Each PEM, or the path of a file of it; with both of them messages are signed.
CAP_SIGNING_KEY: str = text("CAP_SIGNING_KEY")
CAP_SIGNING_CERTIFICATE: str = text("CAP_SIGNING_CERTIFICATE")
# So long messages stay once the last one of their alert has expired. The log of two days needs them.
KEEP_PUBLISHED = timedelta(days=number("KEEP_PUBLISHED_DAYS", 100, least=3))
