"""Rules tried on the past: how one begins, how far it is, what came out."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from weatherapp import tasks
from weatherapp.admin.backtests_form import TryForm, propose
from weatherapp.admin.backtests_page import read_page
from weatherapp.admin.history import HistoryAdmin
from weatherapp.admin.queueing import queue
from weatherapp.admin.rules_form import RuleForm
from weatherapp.alerting.rulebook import read_version
from weatherapp.alerting.trying import CannotTryError, ask, count_questions
from weatherapp.intake.archive import read_archive
from weatherapp.models import Backtest, Rule

may_try = permission_required("weatherapp.add_backtest", raise_exception=True)


@admin.register(Backtest)
class BacktestAdmin(HistoryAdmin[Backtest]):
    list_display = ("name", "state", "places", "hours_total", "asked_by", "created_at")
    list_filter = ("state",)
    list_select_related = ("asked_by",)
    search_fields = ("name", "stretches__place__name")
    date_hierarchy = "created_at"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("try/", view(try_rule), name="try_rule"),
            path("<int:pk>/cancel/", view(cancel), name="cancel_backtest"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Backtest]:
        return super().get_queryset(request).annotate(place_count=Count("stretches"))

    @admin.display(description=_("places"), ordering="place_count")
    def places(self, row: Any) -> int:
        return int(row.place_count)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The result; a part of it, where the page itself asks how far it is."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            return super().change_view(request, object_id, form_url, extra_context)
        place = request.GET.get("place", "")
        page = read_page(row, int(place) if place.isdecimal() else None)
        name = "live" if getattr(request, "htmx", False) else "result"
        return _render(request, name, {"title": row.name, "page": page})


@may_try
@require_http_methods(["GET", "POST"])
def try_rule(request: HttpRequest) -> HttpResponse:
    """Asks for places and days, then begins.

    GET: `rule` names a stored one. POST: `definition` is one as alerting/engine/wire.py writes it,
    with `name`, `places` and days; or it is the form of a rule as it stands, stored or not.
    """
    if "definition" in request.POST:
        return _begin(request, TryForm(request.POST))
    number = request.GET.get("rule", "")
    rule = get_object_or_404(Rule, pk=number) if number.isdecimal() else None
    if request.method == "POST":
        return _offer_typed(request, rule)
    version = rule.versions.first() if rule else None
    says = read_version(version) if version else None
    if rule is None or says is None:
        told = gettext("Choose a rule that can be read, and try it from its own page.")
        messages.error(request, told)
        return redirect("admin:weatherapp_rule_changelist")
    return _show(request, propose(says, rule.name, rule))


@may_try
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Backtest, pk=pk)
    Backtest.objects.cancel(row.pk, now=timezone.now())
    return redirect(row)


def _offer_typed(request: HttpRequest, rule: Rule | None) -> HttpResponse:
    """What is wrong with the rule is said on its own form."""
    form = RuleForm(request.POST, instance=rule)
    form.is_valid()
    if form.says is None or form.errors:
        return _show_rule_again(request, rule)
    stored = Rule.objects.filter(pk=rule.pk).first() if rule else None
    return _show(request, propose(form.says, form.cleaned_data["name"], stored))


def _show_rule_again(request: HttpRequest, rule: Rule | None) -> HttpResponse:
    # Asked for the sentence alone, that form stores nothing.
    request.POST = QueryDict(f"{request.POST.urlencode()}&_preview=errors")
    address = reverse("admin:weatherapp_rule_change", args=[rule.pk]) if rule else None
    again = address or reverse("admin:weatherapp_rule_add")
    model_admin = admin.site.get_model_admin(Rule)
    return model_admin.changeform_view(request, str(rule.pk) if rule else None, form_url=again)


def _begin(request: HttpRequest, form: TryForm) -> HttpResponse:
    if not form.is_valid():
        return _show(request, form)
    wish = form.make_wish()
    try:
        count = count_questions(wish, read_archive)
        if count and count != form.cleaned_data["agreed"]:
            return _show(request, form, questions=count)
        row = ask(wish, read_archive, asked_by_id=request.user.pk, now=timezone.now())
    except CannotTryError as refusal:
        return _show(request, form, refusal=refusal)
    queue(
        request,
        tasks.run_backtest,
        told=gettext("It begins as soon as a worker is free."),
        failed=gettext("It is stored, and begins when the queue is back."),
        backtest_id=row.pk,
    )
    return redirect(row)


def _show(request: HttpRequest, form: TryForm, **context: object) -> HttpResponse:
    return _render(request, "try", {"title": gettext("Try it on the past"), "form": form} | context)


def _render(request: HttpRequest, name: str, context: dict[str, object]) -> HttpResponse:
    whole = admin.site.each_context(request) | {"opts": Backtest._meta} | context
    return TemplateResponse(request, f"admin/backtests/{name}.html", whole)
