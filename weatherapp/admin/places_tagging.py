"""Gives many places a tag at once, or takes it from them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weatherapp import tasks
from weatherapp.admin.queueing import queue_places
from weatherapp.models import Place, Tag

ROWS_A_QUERY = 500
SHOWN_NAMES = 20


class TagForm(forms.Form):
    tag = forms.ModelChoiceField(Tag.objects.all(), label=_("Tag"), empty_label=None)


class NewTagForm(forms.Form):
    """By name: a new one is made."""

    tag = forms.CharField(
        label=_("Tag"), max_length=40, help_text=_("One that there is, or a new one.")
    )

    def clean_tag(self) -> Tag:
        name = self.cleaned_data["tag"]
        return Tag.objects.filter(name__iexact=name).first() or Tag(name=name)


def tag_places(
    site: admin.ModelAdmin[Place], request: HttpRequest, places: QuerySet[Place]
) -> HttpResponse | None:
    """The page that asks for the tag; None once it is given to `places`."""
    form = NewTagForm(request.POST if "confirmed" in request.POST else None)
    if not form.is_valid():
        return _ask(site, request, places, form, action="add_tag", title=gettext("Add a tag"))
    tag = form.cleaned_data["tag"]
    if tag.pk is None:
        tag.save()
    ids = list(places.exclude(tags=tag).order_by("pk").values_list("pk", flat=True))
    links = [Place.tags.through(place_id=pk, tag_id=tag.pk) for pk in ids]
    Place.tags.through.objects.bulk_create(links, batch_size=ROWS_A_QUERY, ignore_conflicts=True)
    told = gettext("Tagged “%(tag)s”: %(count)s.") % {"tag": tag.name, "count": len(ids)}
    messages.success(request, told)
    _apply(request, ids)
    return None


def untag_places(
    site: admin.ModelAdmin[Place], request: HttpRequest, places: QuerySet[Place]
) -> HttpResponse | None:
    """The page that asks for the tag; None once it is taken from `places`."""
    form = TagForm(request.POST if "confirmed" in request.POST else None)
    if not form.is_valid():
        return _ask(site, request, places, form, action="remove_tag", title=gettext("Remove a tag"))
    tag = form.cleaned_data["tag"]
    ids = list(places.filter(tags=tag).order_by("pk").values_list("pk", flat=True))
    links = Place.tags.through.objects.filter(tag_id=tag.pk)
    for start in range(0, len(ids), ROWS_A_QUERY):
        links.filter(place_id__in=ids[start : start + ROWS_A_QUERY]).delete()
    told = gettext("No longer tagged “%(tag)s”: %(count)s.") % {"tag": tag.name, "count": len(ids)}
    messages.success(request, told)
    _apply(request, ids)
    return None


def _apply(request: HttpRequest, place_ids: list[int]) -> None:
    queue_places(
        request,
        tasks.evaluate_places,
        place_ids,
        told=gettext("The rules are being applied to them."),
        failed=gettext("Stored, but the rules are only applied with each place's next weather."),
    )


def _ask(
    site: admin.ModelAdmin[Place],
    request: HttpRequest,
    places: QuerySet[Place],
    form: forms.Form,
    *,
    action: str,
    title: str,
) -> HttpResponse:
    """What was chosen goes along as it was, "all of them" without 10,000 fields."""
    context: dict[str, Any] = site.admin_site.each_context(request) | {
        "title": title,
        "opts": site.opts,
        "form": form,
        "action": action,
        "count": places.count(),
        "names": list(places.values_list("name", flat=True)[:SHOWN_NAMES]),
        "selected": request.POST.getlist("_selected_action"),
        "select_across": request.POST.get("select_across", "0"),
        "tags": Tag.objects.all(),
    }
    return TemplateResponse(request, "admin/places_tag.html", context)
