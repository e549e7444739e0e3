"""What lists are narrowed by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class CountryFilter(admin.AllValuesFieldListFilter):
    """Django's, in which the link of the places without a country has a name."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield choice | {"display": choice["display"] or _("none")}
