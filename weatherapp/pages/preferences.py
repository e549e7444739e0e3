"""Language and units by choice: remembered in cookies, without an account and without JavaScript."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from weatherapp.display.reader import current_units
from weatherapp.domain.units import Units, UnitSystem, WindUnit
from weatherapp.pages.reader import UNITS_COOKIE, remember
from weatherapp.pages.same_origin import from_our_page

SEE_OTHER = 303
BAD_REQUEST = 400
SYSTEMS = [
    (UnitSystem.METRIC, _("Metric: °C, mm, hPa")),
    (UnitSystem.UK, _("United Kingdom: °C, mm, wind in mph")),
    (UnitSystem.US, _("United States: °F, inches, wind in mph")),
]
WINDS = [
    ("", _("As usual with these units")),
    (WindUnit.MS, _("Metres per second (m/s)")),
    (WindUnit.KMH, _("Kilometres per hour (km/h)")),
    (WindUnit.MPH, _("Miles per hour (mph)")),
    (WindUnit.KN, _("Knots (kn)")),
    (WindUnit.BFT, _("Beaufort (Bft)")),
]


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    system = forms.ChoiceField(label=_("Units"), choices=SYSTEMS)
    wind = forms.ChoiceField(label=_("Wind"), choices=WINDS, required=False)

    def units(self) -> Units:
        wind = self.cleaned_data["wind"]
        return Units(UnitSystem(self.cleaned_data["system"]), WindUnit(wind) if wind else None)


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_page
def preferences(request: HttpRequest) -> HttpResponse:
    """POST remembers, and leads back to the page that one came from."""
    back = _find_page(request)
    if request.method != "POST":
        units = current_units()
        known = {
            "language": translation.get_language(),
            "system": units.system,
            "wind": units.wind or "",
        }
        return _show(request, PreferencesForm(initial=known), back)
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return _show(request, form, back, status=BAD_REQUEST)
    response = HttpResponseRedirect(back, status=SEE_OTHER)
    remember(response, settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["language"])
    remember(response, UNITS_COOKIE, str(form.units()))
    return response


def _show(
    request: HttpRequest, form: PreferencesForm, back: str, *, status: int = 200
) -> HttpResponse:
    return render(request, "preferences/page.html", {"form": form, "back": back}, status=status)


def _find_page(request: HttpRequest) -> str:
    """A page of this site; the first one where none is named."""
    wanted = (request.POST if request.method == "POST" else request.GET).get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else "/"
