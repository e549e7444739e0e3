"""What the list of the sources of warnings is narrowed by."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from weatherapp.models import Place, WarningSource


class CoverFilter(admin.SimpleListFilter):
    title = _("covers")
    parameter_name = "covers"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("places", gettext("countries of our places")),
            ("world", gettext("the whole world")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[WarningSource]
    ) -> QuerySet[WarningSource]:
        match self.value():
            case "places":
                return queryset.filter(_covers_places())
            case "world":
                return queryset.filter(countries="")
        return queryset


class PollFilter(admin.SimpleListFilter):
    title = _("last poll")
    parameter_name = "poll"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("good", pgettext("a poll", "good")),
            ("failed", pgettext("a poll", "failed")),
            ("never", pgettext("a poll", "never done")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[WarningSource]
    ) -> QuerySet[WarningSource]:
        match self.value():
            case "good":
                return queryset.filter(problem="", polled_at__isnull=False)
            case "failed":
                return queryset.exclude(problem="")
            case "never":
                return queryset.filter(polled_at__isnull=True)
        return queryset


def _covers_places() -> Q:
    """A row's countries are two letters each with blanks between: none is a part of another."""
    codes = Place.objects.active().exclude(country="").order_by()
    countries = codes.values_list("country", flat=True).distinct()
    return reduce(or_, (Q(countries__contains=code) for code in countries), Q(pk__in=[]))
