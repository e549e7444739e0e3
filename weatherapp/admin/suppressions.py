"""Who wants no mail ever: nobody can read the list; who knows an address can ask about it."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from weatherapp.admin.history import HistoryAdmin
from weatherapp.delivery import subscriptions, suppressions
from weatherapp.delivery.addresses import Address, AddressError, parse_address
from weatherapp.models import Suppression


class AddressForm(forms.Form):
    address = forms.CharField(label=_("E-mail address"), widget=forms.EmailInput)

    def clean_address(self) -> Address:
        try:
            return parse_address(self.cleaned_data["address"])
        except AddressError as error:
            raise forms.ValidationError(_("This is no e-mail address.")) from error


@admin.register(Suppression)
class SuppressionAdmin(HistoryAdmin[Suppression]):
    list_display = ("__str__", "created_at")
    date_hierarchy = "created_at"
    fields = ("digest", "created_at")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(ask_about_address)
        return [path("address/", view, name="suppression_address"), *super().get_urls()]


@require_http_methods(["GET", "POST"])
@permission_required("weatherapp.change_suppression", raise_exception=True)
def ask_about_address(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST or None)
    if form.is_valid():
        address = cast(Address, form.cleaned_data["address"])
        told = _allow(address) if "allow" in request.POST else _suppress(address)
        messages.success(request, told)
        return redirect("admin:suppression_address")
    context = admin.site.each_context(request) | {
        "title": gettext("Never write to an address"),
        "form": form,
    }
    return render(request, "admin/suppression_address.html", context)


def _allow(address: Address) -> str:
    if suppressions.allow(address):
        return gettext("May be written to again, once it subscribes: %(address)s") % {
            "address": address.email
        }
    return gettext("Was not on the list: %(address)s") % {"address": address.email}


def _suppress(address: Address) -> str:
    subscriptions.never_again(address, now=timezone.now())
    return gettext("Gets no e-mail any more, and is asked nothing: %(address)s") % {
        "address": address.email
    }
