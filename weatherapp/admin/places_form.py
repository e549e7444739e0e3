"""The form of a place: what is left empty is filled in from the nearest city."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weatherapp.admin.generic import ModelForm
from weatherapp.admin.zones import find_near_zones, list_zones
from weatherapp.display.countries import list_countries
from weatherapp.gazetteer.search import City, find_nearest_city, search_cities
from weatherapp.intake.scenes.catalogue import STATIONS
from weatherapp.models import Place

REPLAY_STATIONS = tuple(station.code for station in STATIONS)
DIGITS = 4  # of a degree: ten metres


class PlaceForm(ModelForm[Place]):
    class Meta:
        widgets = {"tags": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if zone := self.fields.get("time_zone"):  # not where one may only look
            zone.required = False
            zone.help_text = _("IANA name, such as Europe/Dublin. Empty: that of the nearest city.")
            zone.widget.attrs["list"] = "time-zones"  # in place/change_form.html
            if not self.instance.pk:
                zone.initial = ""
        if country := self.fields.get("country"):
            country.widget = forms.Select(choices=[("", "–"), *list_countries()])
            country.help_text = _("Empty: that of the nearest city, if the zone is empty too.")

    def clean_time_zone(self) -> str:
        """As IANA spells it, however it was typed; what is none, the model refuses."""
        typed = str(self.cleaned_data["time_zone"]).strip().replace(" ", "_")
        known = {name.casefold(): name for name in list_zones()}
        if typed.casefold() in known:
            return known[typed.casefold()]
        if near := find_near_zones(typed):
            told = gettext("There is no time zone %(typed)s. Did you mean %(names)s?")
            names = {"typed": typed, "names": ", ".join(near)}
            raise forms.ValidationError(told % names)
        return typed

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("time_zone") == "" and {"latitude", "longitude"} <= data.keys():
            self._take_zone(data)
        is_replay = "source" in data and Place(source=data["source"]).is_replay
        if is_replay and data.get("station", "") not in REPLAY_STATIONS:
            known = ", ".join(REPLAY_STATIONS)
            told = gettext("A replay needs one of its stations: %(known)s.") % {"known": known}
            self.add_error("station", told)
        return data

    def _take_zone(self, data: dict[str, Any]) -> None:
        city = find_nearest_city(data["latitude"], data["longitude"])
        if city is None:
            told = gettext("No city is within 50 km: name the zone, such as Atlantic/Reykjavik.")
            self.add_error("time_zone", told)
            return
        data["time_zone"] = city.time_zone
        data["country"] = data.get("country") or city.country


def find_cities(typed: str) -> list[tuple[City, dict[str, str]]]:
    """Cities of that name, each with what the form of a new place begins with."""
    return [(city, _begin(city)) for city in search_cities(typed)]


def _begin(city: City) -> dict[str, str]:
    return {
        "name": city.name,
        "latitude": f"{city.latitude:.{DIGITS}f}",
        "longitude": f"{city.longitude:.{DIGITS}f}",
        "time_zone": city.time_zone,
        "country": city.country,
    }
