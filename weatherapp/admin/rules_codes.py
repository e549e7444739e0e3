"""A form's field for weather codes: to each kind of weather, how severe it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from weatherapp.domain.cap import LEVELS, Severity
from weatherapp.domain.weather_codes import WEATHER_CODES

ALL_CODES = range(100)  # WMO 4677

Severities = dict[int, str]  # by code: the worst level that names it


class CodesWidget(forms.Widget):
    """A table with a choice a code; codes that the site has no word for are shown where chosen."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        chosen: Severities = value or {}
        rows = [
            {"code": frozenset({code}), "name": f"{name}-{code}", "chosen": chosen.get(code, "")}
            for code in sorted({*WEATHER_CODES, *chosen})
        ]
        context = {"name": name, "rows": rows, "severities": [level.value for level in LEVELS]}
        return render_to_string("admin/rules/codes.html", context)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Severities:
        return {code: value for code in ALL_CODES if (value := data.get(f"{name}-{code}"))}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not self.value_from_datadict(data, files, name)


class CodesField(forms.Field):
    """Its value is the code's severity by code; what is not chosen is left out."""

    widget = CodesWidget

    def to_python(self, value: Any) -> dict[int, Severity]:
        levels = {level.value: level for level in LEVELS}
        try:
            return {code: levels[severity] for code, severity in (value or {}).items()}
        except KeyError as error:
            raise ValidationError(_("There is no such severity."), code="invalid") from error
