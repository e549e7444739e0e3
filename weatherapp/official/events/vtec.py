"""NWS's P-VTEC: which event a message is about, and what it does to it. Pure.

https://www.weather.gov/media/vtec/VTEC_explanation_ver7.pdf
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from weatherapp.official.documents.message import Message

PARAMETER = "VTEC"
EXPIRED_REFERENCES = "expiredReferences"
CODE = re.compile(
    r"/([OTEX])\.([A-Z]{3})\.([A-Z]{4})\.([A-Z]{2})\.([A-Z])\.(\d{4})\.\d{6}T\d{4}Z-\d{6}T\d{4}Z/"
)
TEST = "T"
NO_EVENT = "0000"  # the number of routine statements, of which none is the next of another
CANCELLED, UPGRADED, EXPIRING = "CAN", "UPG", "EXP"


@dataclass(frozen=True, slots=True)
class Vtec:
    """`key` is the event's, the same from the first message to the last."""

    product: str
    action: str
    key: str


def list_vtec(message: Message) -> list[Vtec]:
    """Of all infos, each once; without routine statements."""
    found = {
        Vtec(match[1], match[2], f"{'.'.join(match.group(3, 4, 5, 6))}.{_find_year(message)}")
        for match in _find_codes(message)
        if match[6] != NO_EVENT
    }
    return sorted(found, key=lambda vtec: vtec.key)


def _find_codes(message: Message) -> Iterator[re.Match[str]]:
    for info in message.infos:
        for name, value in info.parameters:
            if name == PARAMETER:
                yield from CODE.finditer(value)


def _find_year(message: Message) -> int:
    """Numbers begin again with each year: that of the first message, as far as it is known."""
    sent = [reference.sent_at for reference in message.references if reference.sent_at]
    return min([message.sent_at, *sent]).year
