"""What is said of the authorities' areas that a place is in."""

from __future__ import annotations

from itertools import groupby

from django.utils.translation import gettext

from weatherapp.models import CodedPosition, Place, PlaceCode


def say_codes(place: Place) -> str:
    """By register; those of where it was stay until the worker has looked up the new ones."""
    coded = CodedPosition.objects.filter(pk=place.pk).first() if place.pk else None
    if coded is None:
        return gettext("not looked up yet: the worker does it within a minute")
    if (coded.latitude, coded.longitude) != (place.latitude, place.longitude):
        return gettext("it was moved: the worker looks them up again within a minute")
    codes = PlaceCode.objects.filter(place=place).order_by("scheme", "value")
    said = [
        f"{scheme}: {', '.join(code.value for code in group)}"
        for scheme, group in groupby(codes, key=lambda code: code.scheme)
    ]
    return "; ".join(said) or gettext("none that is known here")
