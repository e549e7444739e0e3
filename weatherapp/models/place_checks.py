"""What a place's time zone and country may be."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from weatherapp.domain.countries import COUNTRIES
from weatherapp.domain.time_zones import known_zones


def check_time_zone(name: str) -> None:
    """Raise ValidationError unless `name` is an IANA zone that this machine knows."""
    if name not in known_zones():
        raise ValidationError(
            _("%(name)s is no time zone. Use a name like Europe/Dublin or America/New_York."),
            params={"name": name},
        )


def check_country(code: str) -> None:
    """Raise ValidationError unless `code` is one of ISO 3166, in capitals."""
    if code not in COUNTRIES:
        raise ValidationError(
            _("%(code)s is no country. Use the two letters of ISO 3166, for example IE or US."),
            params={"code": code},
        )
