"""The registers of areas whose codes are known here, and how the codes are spelled. Pure."""

from __future__ import annotations

import enum
from collections.abc import Iterable


class Scheme(enum.StrEnum):
    """By the names that geocodes of CAP have."""

    UGC = "UGC"  # US National Weather Service: counties, zones, waters
    SAME = "SAME"  # the same, for broadcasting: 6 digits
    EMMA_ID = "EMMA_ID"  # MeteoAlarm
    NUTS3 = "NUTS3"  # European statistics
    FIPS = "FIPS"  # MeteoAlarm for Ireland
    WARNCELLID = "WARNCELLID"  # Deutscher Wetterdienst


# No register: the SAME codes of a place of which UGC knows no zone, or no county. A warning that names
# UGC's areas names the counties around them as SAME, too, which concern such a place alone.
SAME_FOR_UGC = "SAME_FOR_UGC"

# As publishers write them, in lower case and without marks.
NAMES = {scheme.lower().replace("_", ""): scheme for scheme in Scheme} | {"fips6": Scheme.SAME}


def read_code(name: str, value: str) -> tuple[Scheme, str] | None:
    """A geocode of a warning as it stands in the table; None where the register is not known."""
    scheme = NAMES.get(name.strip().lower().replace("_", "").replace("-", ""))
    code = value.strip().upper()
    return None if scheme is None or not code else (scheme, code)


def is_named_by_ugc(codes: Iterable[str]) -> bool:
    """Whether these codes of UGC have a zone and a county on land, by the letter that tells them."""
    return {"C", "Z"} <= {code[2:3] for code in codes}
