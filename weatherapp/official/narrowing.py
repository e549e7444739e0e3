"""Of a service that can be asked for some areas only what concerns the site's places.

https://api.weather.gov/openapi.json: `zone` of /alerts/active is a list of county and zone codes.
"""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from weatherapp.models import PlaceCode, SourceKind, WarningSource
from weatherapp.official.areas.schemes import Scheme

# With more the whole country is asked: addresses stay short, and 2 MB are soon no more than that.
MOST_ZONES = 60
ALL_ACTIVE = "/alerts/active"


def find_address(source: WarningSource) -> str:
    """What is asked; with the zones of the places where the service takes them and they are few.

    An address in which an operator has said what is wanted stays as it is.
    """
    address = source.asked_address
    parts = urlsplit(address)
    if source.kind != SourceKind.NWS or parts.query or parts.path.rstrip("/") != ALL_ACTIVE:
        return address
    codes = PlaceCode.objects.filter(scheme=Scheme.UGC, place__is_active=True)
    zones = sorted(
        set(codes.order_by().values_list("value", flat=True).distinct()[: MOST_ZONES + 1])
    )
    if not 0 < len(zones) <= MOST_ZONES:
        return address
    return f"{address}?{urlencode({'zone': ','.join(zones)}, safe=',')}"
