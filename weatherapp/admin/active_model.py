"""Which model predicts, from the next request on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from predictor.shipped import list_shipped_models
from weatherapp.admin.generic import ModelAdmin
from weatherapp.models import ActiveModel


@admin.register(ActiveModel)
class ActiveModelAdmin(ModelAdmin[ActiveModel]):
    fields = ("name",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "name":
            kwargs["widget"] = forms.Select(choices=[(name, name) for name in _list_choices()])
            kwargs["help_text"] = _(
                "Each predictor loads it with its next request, which then takes some seconds. "
                "Without this row the predictor's own DEFAULT_MODEL answers."
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not ActiveModel.objects.exists()


def _list_choices() -> list[str]:
    """A model that is gone stays visible, or the form would show another as the active one."""
    active = ActiveModel.objects.find_name()
    return sorted({*list_shipped_models(), *([active] if active else [])})
