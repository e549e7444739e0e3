"""What lists are narrowed by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from weatherapp.admin.words import name_source
from weatherapp.display.countries import country_name


class NamedFilter(admin.AllValuesFieldListFilter):
    """Django's, in which the link of rows without a value is no empty one."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield choice | {"display": choice["display"] or _("none")}


class SourceFilter(admin.AllValuesFieldListFilter):
    """Django's, in which sources have their names."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield choice | {"display": name_source(str(choice["display"]))}


class CountryFilter(admin.AllValuesFieldListFilter):
    """Django's, in which countries have their names, and so has the link of places without one."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield choice | {"display": country_name(str(choice["display"])) or _("none")}
