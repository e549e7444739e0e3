"""Keys of the API: made here, shown once, revoked here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weatherapp.admin.generic import ModelAdmin, ModelForm
from weatherapp.models import ApiKey, Scope


class ApiKeyForm(ModelForm[ApiKey]):
    scopes = forms.MultipleChoiceField(
        label=_("Allows"),
        choices=Scope.choices,
        initial=[Scope.READ.value],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Reading needs no key."),
    )

    class Meta:
        model = ApiKey
        fields = ("name", "scopes")


@admin.register(ApiKey)
class ApiKeyAdmin(ModelAdmin[ApiKey]):
    """A key is revoked, not deleted: who looks later sees that it was there."""

    form = ApiKeyForm
    list_display = ("name", "prefix", "allows", "used_on", "created_at", "is_in_use")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    search_fields = ("name", "prefix")
    readonly_fields = ("prefix", "created_at", "created_by", "used_on", "revoked_at")
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        return ("name", "scopes") if obj is None else ("name", "scopes", *self.readonly_fields)

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        row, key = ApiKey.objects.make(
            name=obj.name,
            scopes=form.cleaned_data["scopes"],
            now=timezone.now(),
            created_by_id=request.user.pk,
        )
        obj.__dict__.update(row.__dict__)
        request.made_api_key = key  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The one page that shows the key: it goes through no cookie and no session."""
        context = self.admin_site.each_context(request) | {
            "title": gettext("The new key"),
            "opts": self.opts,
            "row": obj,
            "key": request.made_api_key,  # type: ignore[attr-defined]
        }
        response = TemplateResponse(request, "admin/api_keys/made.html", context)
        add_never_cache_headers(response)
        return response

    @admin.display(description=_("allows"))
    def allows(self, row: ApiKey) -> str:
        return ", ".join(row.scopes)

    @admin.display(description=_("in use"), boolean=True)
    def is_in_use(self, row: ApiKey) -> bool:
        return row.revoked_at is None

    @admin.action(description=_("Revoke: it stops working at once"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        count = queryset.filter(revoked_at=None).update(revoked_at=timezone.now())
        messages.success(request, gettext("Revoked: %(count)s.") % {"count": count})
