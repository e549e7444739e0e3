"""The settings of what is published for machines; weatheralert/settings.py takes them in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from weatheralert.environment import choice, number, text


@dataclass(frozen=True, slots=True)
class Publishing:
    """`status`: CAP's. With key and certificate, each PEM or the path of a file of it, messages are signed.

    `kept`: how long messages stay once the last one of their alert has expired.
    """

    status: str
    signing_key: str
    signing_certificate: str
    kept: timedelta

    @property
    def is_signed(self) -> bool:
        return bool(self.signing_key or self.signing_certificate)


PUBLISHING = Publishing(
    status=choice("CAP_STATUS", "Test", ("Actual", "Exercise", "Test")),
    signing_key=text("CAP_SIGNING_KEY"),
    signing_certificate=text("CAP_SIGNING_CERTIFICATE"),
    kept=timedelta(days=number("KEEP_PUBLISHED_DAYS", 100, least=3)),  # the log needs two
)
