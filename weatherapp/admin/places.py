"""Places: what is watched, and how fetching its weather goes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from weatherapp import tasks
from weatherapp.admin.filters import CountryFilter
from weatherapp.admin.lists import FAILED_FETCH, no_weather
from weatherapp.admin.places_codes import say_codes
from weatherapp.admin.places_csv import PlacesCsvMixin
from weatherapp.admin.places_form import PlaceForm, find_cities
from weatherapp.admin.places_tagging import tag_places, untag_places
from weatherapp.admin.queueing import queue_places
from weatherapp.admin.removal import RemovalAdmin
from weatherapp.admin.words import say_age, say_due
from weatherapp.admin.zones import list_shown_zones
from weatherapp.display.countries import country_name
from weatherapp.intake.allowance import read_allowance
from weatherapp.models import (
    Alert,
    AlertChange,
    Delivery,
    Place,
    PlaceCalibration,
    Prediction,
    PredictionRequest,
    Reading,
    RuleState,
    SourceForecast,
    SourceName,
    Subscription,
)
from weatherapp.models.place_rows import WHERE

SHOWN_NAMES = 10
FETCHING = _("Queued: fetching the weather of %(names)s.")
PREDICTING = _("Queued: predicting for %(names)s.")


class FetchFilter(admin.SimpleListFilter):
    title = _("fetch")
    parameter_name = "fetch"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("failing", pgettext("a fetch", "failing")),
            ("working", pgettext("a fetch", "working")),
            ("never", pgettext("a fetch", "never done")),
            ("none", gettext("no new weather for a day")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Place]) -> QuerySet[Place]:
        match self.value():
            case "failing":
                return queryset.filter(FAILED_FETCH)
            case "working":
                return queryset.filter(fetch_failures=0, fetched_at__isnull=False)
            case "never":
                return queryset.filter(fetched_at__isnull=True)
            case "none":
                return queryset.filter(no_weather(timezone.now()))
        return queryset


@admin.register(Place)
class PlaceAdmin(PlacesCsvMixin, RemovalAdmin[Place]):
    form = PlaceForm
    list_display = (
        "name",
        "weather_from",
        "last_fetch",
        "next_fetch",
        "last_prediction",
        "failure",
        "is_active",
    )
    list_filter = ("is_active", FetchFilter, "source", "tags", ("country", CountryFilter))
    search_fields = ("name", "station", "time_zone", "country", "tags__name")
    actions = ("refresh_now", "predict_now", "add_tag", "remove_tag")
    readonly_fields = (
        "last_fetch",
        "failure",
        "next_fetch",
        "refresh_hours",
        "fetch_failures",
        "days_before",
        "country_by_name",
        "official_codes",
    )
    fieldsets = (
        (None, {"fields": ("name", "latitude", "longitude", "time_zone", "is_active")}),
        (_("Which rules look at it"), {"fields": ("country", "tags")}),
        (_("Weather"), {"fields": ("source", "station")}),
        (
            _("Fetching"),
            {
                "fields": (
                    "last_fetch",
                    "failure",
                    "fetch_failures",
                    "next_fetch",
                    "refresh_hours",
                    "days_before",
                )
            },
        ),
        (_("Official warnings"), {"fields": ("official_codes",)}),
    )
    history = (
        (RuleState, "place"),
        (Alert, "place"),
        (AlertChange, "alert__place"),
        (Reading, "place"),
        (SourceForecast, "place"),
        (PlaceCalibration, "place"),
        (PredictionRequest, "place"),
        (Prediction, "place"),
        (Subscription, "place"),
        (Delivery, "subscription__place"),
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, (extra_context or {}) | _read_calls())

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """After a search for a city its data stand in the form at a click."""
        typed = request.GET.get("city", "")
        found = {"typed_city": typed, "cities": find_cities(typed)}
        return super().add_view(request, form_url, (extra_context or {}) | found)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        context = (extra_context or {}) | _read_calls() | {"time_zones": list_shown_zones()}
        return super().changeform_view(request, object_id, form_url, context)

    def get_fieldsets(self, request: HttpRequest, obj: Place | None = None) -> Any:
        """Who may only look reads a country's name: the form has it in what one chooses from."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        named = {"fields": ("country_by_name", "tags")}
        return [
            (title, named if "country" in options["fields"] else options)
            for title, options in fieldsets
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Place]:
        newest = Prediction.objects.filter(place=OuterRef("pk")).order_by("-window_end_at")
        return (
            super()
            .get_queryset(request)
            .annotate(predicted_at=Subquery(newest.values("answered_at")[:1]))
        )

    def save_model(
        self, request: HttpRequest, obj: Place, form: forms.ModelForm[Place], change: bool
    ) -> None:
        if obj.is_active and "is_active" in form.changed_data:
            obj.backfilled_at = None  # what it missed meanwhile
        super().save_model(request, obj, form, change)
        if change and set(form.changed_data).intersection(WHERE):
            obj.forget_weather(now=timezone.now())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change and {"tags", "is_active"}.intersection(form.changed_data):
            queue_places(
                request,
                tasks.evaluate_places,
                [form.instance.pk],
                told=gettext("The rules are being applied to it."),
                failed=gettext("Stored, but the rules are only applied with its next weather."),
            )

    @admin.display(description=_("weather from"), ordering="source")
    def weather_from(self, place: Place) -> str:
        name = str(SourceName(place.source_name).label)
        return f"{name} ({place.station})" if place.station else name

    @admin.display(description=_("last fetch"), ordering="fetched_at")
    def last_fetch(self, place: Place) -> str:
        return say_age(place.fetched_at, now=timezone.now())

    @admin.display(description=_("failure"), ordering="fetch_failures")
    def failure(self, place: Place) -> str:
        if not place.fetch_failures:
            return pgettext("failure", "none")
        context = {
            "ago": say_age(place.fetch_failed_at, now=timezone.now()),
            "place": place,
        }
        return render_to_string("admin/places_failure.html", context)

    @admin.display(description=_("country"))
    def country_by_name(self, place: Place) -> str:
        return country_name(place.country)

    @admin.display(description=_("next fetch"), ordering="next_refresh_at")
    def next_fetch(self, place: Place) -> str:
        if not place.is_active:
            return gettext("never (inactive)")
        return say_due(place.next_refresh_at, now=timezone.now())

    @admin.display(description=_("days before the first fetch"))
    def days_before(self, place: Place) -> str:
        now = timezone.now()
        if place.backfilled_at is not None:
            return gettext("stored %(ago)s") % {"ago": say_age(place.backfilled_at, now=now)}
        due = say_due(place.next_backfill_at, now=now)
        return gettext("not stored yet; next try %(due)s") % {"due": due}

    @admin.display(description=_("areas it is in"))
    def official_codes(self, place: Place) -> str:
        return say_codes(place)

    @admin.display(description=_("last prediction"), ordering="predicted_at")
    def last_prediction(self, place: Any) -> str:
        return say_age(place.predicted_at, now=timezone.now())

    @admin.action(
        description=_("Refresh now: fetch the weather, then predict"), permissions=["change"]
    )
    def refresh_now(self, request: HttpRequest, queryset: QuerySet[Place]) -> None:
        _queue_chosen(request, queryset, tasks.refresh_places, FETCHING)

    @admin.action(description=_("Predict now from the readings at hand"), permissions=["change"])
    def predict_now(self, request: HttpRequest, queryset: QuerySet[Place]) -> None:
        _queue_chosen(request, queryset, tasks.request_predictions, PREDICTING)

    @admin.action(description=_("Add a tag"), permissions=["change"])
    def add_tag(self, request: HttpRequest, queryset: QuerySet[Place]) -> HttpResponse | None:
        return tag_places(self, request, queryset)

    @admin.action(description=_("Remove a tag"), permissions=["change"])
    def remove_tag(self, request: HttpRequest, queryset: QuerySet[Place]) -> HttpResponse | None:
        return untag_places(self, request, queryset)


def _read_calls() -> dict[str, Any]:
    """What the note above lists and forms says."""
    return {"allowance": read_allowance(timezone.now())}


def _queue_chosen(request: HttpRequest, places: QuerySet[Place], task: Any, told: Any) -> None:
    chosen = list(places.order_by("pk").values_list("pk", "name"))
    names = ", ".join(name for _pk, name in chosen[:SHOWN_NAMES])
    if len(chosen) > SHOWN_NAMES:
        more = {"names": names, "count": len(chosen) - SHOWN_NAMES}
        names = gettext("%(names)s and %(count)s more") % more
    queue_places(
        request,
        task,
        [pk for pk, _name in chosen],
        told=told % {"names": names},
        failed=gettext("Nothing was queued."),
    )
