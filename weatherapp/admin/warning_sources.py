"""The authorities' feeds of warnings: which are asked, and how that goes."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Case, IntegerField, QuerySet, URLField, Value, When
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from weatherapp import tasks
from weatherapp.admin.generic import ModelAdmin
from weatherapp.admin.queueing import queue
from weatherapp.admin.warning_filters import CoverFilter, PollFilter
from weatherapp.admin.words import say_age, say_due
from weatherapp.display.countries import country_name
from weatherapp.models import SourceState, WarningSource
from weatherapp.official import catalogue_rows, switching
from weatherapp.official.catalogue import UNKNOWN_LICENCE

SHOWN_COUNTRIES = 3
ORDER = {SourceState.ON: 0, SourceState.SUGGESTED: 1}  # the others behind
FROM_CATALOGUE = ("key", *catalogue_rows.CORRECTED)
WHERE = {"address", "own_address", "kind"}
HOW_IT_GOES = (
    "last_success",
    "last_failure",
    "in_force",
    "next_poll",
    "failures",
    "body_at",
    "body_bytes",
)
OVERRIDES = ("own_address", "own_interval_s")
FIELDS = (
    (None, ("issuer", "key", "countries", "language", "state")),
    (_("Where it is"), ("kind", "address", "own_address")),
    (_("How often, and how much"), ("interval_s", "own_interval_s", "most_mb")),
    (_("Terms"), ("licence", "attribution")),
    (_("Polling"), HOW_IT_GOES),
)


@admin.register(WarningSource)
class WarningSourceAdmin(ModelAdmin[WarningSource]):
    list_display = (
        "issuer",
        "covers",
        "state",
        "last_success",
        "last_failure",
        "in_force",
        "next_poll",
        "terms",
    )
    list_filter = ("state", CoverFilter, PollFilter, "kind", "licence")
    search_fields = ("issuer", "key", "countries", "address")
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    actions = ("switch_on", "switch_off", "poll_now")

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """What is asked first, then what waits for a decision."""
        whens = [When(state=state, then=Value(place)) for state, place in ORDER.items()]
        return [Case(*whens, default=Value(len(ORDER)), output_field=IntegerField()).asc(), "key"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: WarningSource | None = None
    ) -> tuple[str, ...]:
        return HOW_IT_GOES if obj is None or obj.is_own else (*HOW_IT_GOES, *FROM_CATALOGUE)

    def get_fieldsets(self, request: HttpRequest, obj: WarningSource | None = None) -> Any:
        """One of one's own has no second address."""
        is_own = obj is None or obj.is_own
        return [
            (title, {"fields": [name for name in names if not is_own or name not in OVERRIDES]})
            for title, names in FIELDS
        ]

    def formfield_for_choice_field(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "state":  # a suggestion is the site's, not the operator's
            kwargs["choices"] = [
                (state.value, state.label) for state in (SourceState.OFF, SourceState.ON)
            ]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With what the catalogue of this release says, and the places now call for."""
        if self.has_view_or_change_permission(request):
            catalogue_rows.store_catalogue()
            catalogue_rows.suggest()
        suggested = WarningSource.objects.filter(state=SourceState.SUGGESTED).count()
        context = (extra_context or {}) | {"suggested": suggested}
        return super().changelist_view(request, context)

    def save_model(
        self,
        request: HttpRequest,
        obj: WarningSource,
        form: Any,
        change: bool,
    ) -> None:
        """What was learned elsewhere is forgotten, and a poll that is under way is not noted."""
        if "state" in form.changed_data:
            obj.decided_at = timezone.now()
        if WHERE.union({"state"}).intersection(form.changed_data):
            for name, value in switching.FORGOTTEN.items():
                setattr(obj, name, value)
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: WarningSource | None = None) -> bool:
        """The catalogue's would come back."""
        return (obj is None or obj.is_own) and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.display(description=_("countries"), ordering="countries")
    def covers(self, source: WarningSource) -> str:
        names = [country_name(code) for code in source.countries.split()]
        if not names:
            return gettext("the whole world")
        shown = ", ".join(names[:SHOWN_COUNTRIES])
        more = len(names) - SHOWN_COUNTRIES
        if more <= 0:
            return shown
        return gettext("%(names)s and %(count)s more") % {"names": shown, "count": more}

    @admin.display(description=_("last success"), ordering="succeeded_at")
    def last_success(self, source: WarningSource) -> str:
        return say_age(source.succeeded_at, now=timezone.now())

    @admin.display(description=_("failure"), ordering="failures")
    def last_failure(self, source: WarningSource) -> str:
        if not source.problem:
            return pgettext("failure", "none")
        words = f" ({source.problem_words})" if source.problem_words else ""
        return gettext("%(ago)s: %(error)s") % {
            "ago": say_age(source.polled_at, now=timezone.now()),
            "error": f"{source.get_problem_display()}{words}",
        }

    @admin.display(description=_("next poll"), ordering="next_poll_at")
    def next_poll(self, source: WarningSource) -> str:
        if source.state != SourceState.ON:
            return gettext("never (not switched on)")
        return say_due(source.next_poll_at, now=timezone.now())

    @admin.display(description=_("licence"), ordering="licence")
    def terms(self, source: WarningSource) -> str:
        if source.licence == UNKNOWN_LICENCE:
            return gettext("not known: ask the issuer")
        return source.licence

    @admin.action(description=_("Switch on: ask it from now on"), permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[WarningSource]) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        rows = WarningSource.objects.filter(pk__in=ids)
        count = switching.switch_on(rows, now=timezone.now())
        told = ngettext(
            "%(count)s source is switched on.", "%(count)s sources are switched on.", count
        )
        messages.success(request, told % {"count": count})
        if unknown := rows.filter(licence=UNKNOWN_LICENCE).count():
            warned = ngettext(
                "The terms of %(count)s of them are not known here: read its issuer's before you show its warnings.",
                "The terms of %(count)s of them are not known here: read their issuers' before you show their warnings.",
                unknown,
            )
            messages.warning(request, warned % {"count": unknown})

    @admin.action(description=_("Switch off, and do not suggest again"), permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[WarningSource]) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        count = switching.switch_off(WarningSource.objects.filter(pk__in=ids), now=timezone.now())
        told = ngettext(
            "%(count)s source is switched off.", "%(count)s sources are switched off.", count
        )
        messages.success(request, told % {"count": count})

    @admin.action(
        description=_("Poll now, as a test: see below what comes"), permissions=["change"]
    )
    def poll_now(self, request: HttpRequest, queryset: QuerySet[WarningSource]) -> None:
        """One that is off is asked, too, and nothing that it says is kept."""
        rows = list(queryset)
        claims = switching.claim_now(
            WarningSource.objects.filter(pk__in=[row.pk for row in rows]), now=timezone.now()
        )
        for row in rows:
            if claim := claims.get(row.pk):
                queue(
                    request,
                    tasks.poll_source,
                    told=gettext("Queued: asking %(source)s.") % {"source": row},
                    failed=gettext("Nothing was queued."),
                    source_id=row.pk,
                    claim=claim.isoformat(),
                )
            else:
                messages.warning(
                    request, gettext("It is being asked already: %(source)s.") % {"source": row}
                )
