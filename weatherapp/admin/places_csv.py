"""Places as a table, from the admin: to take away, and to paste."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weatherapp import tasks
from weatherapp.admin.generic import ModelAdmin
from weatherapp.admin.queueing import queue_places
from weatherapp.models import Place
from weatherapp.operations.places_csv.read import PlacesCsvError
from weatherapp.operations.places_csv.store import Stored, import_places
from weatherapp.operations.places_csv.write import write_places

MOST_CHARACTERS = 200_000  # some 3,000 places; the command takes more


class TableForm(forms.Form):
    table = forms.CharField(
        label=_("Table"),
        max_length=MOST_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"}),
    )


class PlacesCsvMixin(ModelAdmin[Place]):
    """Two pages beside the list of places."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("export.csv", wrap(self.export_csv), name="weatherapp_place_export"),
            path("import/", wrap(self.import_csv), name="weatherapp_place_import"),
            *super().get_urls(),
        ]

    def export_csv(self, request: HttpRequest) -> StreamingHttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        response = StreamingHttpResponse(write_places(), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="places.csv"'
        return response

    def import_csv(self, request: HttpRequest) -> HttpResponse:
        """What is pasted is tried first, unless one asks to store it."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        form = TableForm(request.POST or None)
        context: dict[str, Any] = self.admin_site.each_context(request) | {
            "title": _("Import places"),
            "opts": self.opts,
            "form": form,
        }
        if form.is_valid():
            is_trial = "store" not in request.POST
            try:
                stored = import_places(
                    form.cleaned_data["table"], now=timezone.now(), is_trial=is_trial
                )
            except PlacesCsvError as error:
                context["error"] = error
            else:
                if not is_trial:
                    return _lead_to_list(request, stored)
                context["stored"] = stored
        return TemplateResponse(request, "admin/places_import.html", context)


def _lead_to_list(request: HttpRequest, stored: Stored) -> HttpResponse:
    messages.success(request, render_to_string("operations/places_stored.txt", {"stored": stored}))
    queue_places(
        request,
        tasks.evaluate_places,
        stored.to_evaluate,
        told=gettext("The rules are being applied to them."),
        failed=gettext("Stored, but the rules are only applied with each place's next weather."),
    )
    return HttpResponseRedirect(reverse("admin:weatherapp_place_changelist"))
