"""Everything about the addresses of chosen subscriptions: handed out, or deleted for good."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weatherapp.admin.removal import RemovalAdmin
from weatherapp.delivery import personal_data
from weatherapp.delivery.addresses import Address, parse_address
from weatherapp.models import Subscription


class PersonalDataAdmin(RemovalAdmin[Subscription]):
    """Its two actions look further than the chosen rows: at all places of the same addresses."""

    actions: Sequence[str] = ("export_personal_data", "delete_personal_data")

    @admin.action(description=_("Export everything about this address"), permissions=["view"])
    def export_personal_data(
        self, request: HttpRequest, queryset: QuerySet[Subscription]
    ) -> HttpResponse:
        now = timezone.now()
        exports = [personal_data.export(address, now=now) for address in _addresses(queryset)]
        response = JsonResponse(exports, safe=False, json_dumps_params={"indent": 2})
        response["Content-Disposition"] = 'attachment; filename="personal-data.json"'
        return response

    @admin.action(description=_("Delete everything about this address"), permissions=["delete"])
    def delete_personal_data(
        self, request: HttpRequest, queryset: QuerySet[Subscription]
    ) -> HttpResponse | None:
        """Asks first, with what there is; the page's button comes back here with `post`."""
        addresses = _addresses(queryset)
        if "post" not in request.POST:
            return self._ask(request, queryset, addresses)
        self.log_deletions(request, queryset)
        counts: Counter[str] = Counter()
        for address in addresses:
            counts.update(personal_data.delete(address))
        told = gettext("Deleted: subscriptions: %(subscriptions)s, deliveries: %(deliveries)s.")
        messages.success(request, told % counts)
        return None

    def _ask(
        self, request: HttpRequest, queryset: QuerySet[Subscription], addresses: list[Address]
    ) -> HttpResponse:
        context = {
            "title": gettext("Delete everything about these addresses?"),
            "opts": self.opts,
            "counts": [(address.key, personal_data.count(address)) for address in addresses],
            "chosen": queryset,
            "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
        }
        return render(
            request,
            "admin/delete_personal_data.html",
            self.admin_site.each_context(request) | context,
        )


def _addresses(rows: QuerySet[Subscription]) -> list[Address]:
    keys = rows.order_by("email_key").values_list("email_key", flat=True).distinct()
    return [parse_address(key) for key in keys]
