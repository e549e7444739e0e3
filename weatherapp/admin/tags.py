"""Tags: names for groups of places, which rules can be about."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from weatherapp.admin.generic import ModelAdmin
from weatherapp.admin.rules_effect import apply_rules
from weatherapp.models import Place, Rule, Tag


@admin.register(Tag)
class TagAdmin(ModelAdmin[Tag]):
    list_display = ("name", "place_count", "rule_count")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                place_count=_count(Place.tags.through.objects.all()),
                rule_count=_count(Rule.tags.through.objects.all()),
            )
        )

    @admin.display(description=_("places"), ordering="place_count")
    def place_count(self, tag: Any) -> int:
        return int(tag.place_count)

    @admin.display(description=_("rules"), ordering="rule_count")
    def rule_count(self, tag: Any) -> int:
        return int(tag.rule_count)

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        self.delete_queryset(request, Tag.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Tag]) -> None:
        """Rules that were about the tag may have alerts to end."""
        rule_ids = list(Rule.objects.filter(tags__in=queryset).values_list("pk", flat=True))
        super().delete_queryset(request, queryset)
        apply_rules(request, rule_ids)


def _count(links: QuerySet[Any]) -> Any:
    counted = links.filter(tag=OuterRef("pk")).order_by().values("tag").annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count")), 0)
