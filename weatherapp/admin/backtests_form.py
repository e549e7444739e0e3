"""What is to be tried, as it is typed: places and days, and the rule that came along."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from weatherapp.admin.rules_form import PlaceNamesField
from weatherapp.alerting.engine import wire
from weatherapp.alerting.engine.problems import find_problems
from weatherapp.alerting.engine.rule import Rule as EngineRule
from weatherapp.alerting.trying import Wish
from weatherapp.models import Place, Rule, RuleScope

PROPOSED_PLACES = 5


class RuleField(forms.CharField):
    """A rule as alerting/engine/wire.py writes it."""

    widget = forms.HiddenInput

    def prepare_value(self, value: Any) -> Any:
        return json.dumps(wire.to_json(value)) if isinstance(value, EngineRule) else value

    def clean(self, value: Any) -> EngineRule:
        try:
            says = wire.from_json(json.loads(super().clean(value)))
            problems = find_problems(says)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValidationError(_("This is no rule that can be read.")) from error
        if problems:
            codes = ", ".join(problem.code for problem in problems)
            raise ValidationError(_("This rule cannot be: %(codes)s."), params={"codes": codes})
        return says


class TryForm(forms.Form):
    name = forms.CharField(max_length=80, widget=forms.HiddenInput)
    definition = RuleField()
    rule = forms.ModelChoiceField(Rule.objects.all(), required=False, widget=forms.HiddenInput)
    places = PlaceNamesField(
        label=_("At these places"),
        help_text=_("One name a line."),
        widget=forms.Textarea({"rows": 4, "cols": 40}),
    )
    first_date = forms.DateField(
        label=_("From"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=_("A day in UTC. Empty: from the first stored hour on."),
    )
    last_date = forms.DateField(
        label=_("To"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=_("With this day. Empty: up to the last stored hour."),
    )

    ask_model = forms.BooleanField(
        label=_("Ask the model about hours that it was never asked about"),
        required=False,
        help_text=_(
            "How many is said before anything is asked. Its answers are kept with the try."
        ),
    )
    agreed = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def says(self) -> EngineRule | None:
        """The rule, where it can be read."""
        if not self.is_bound:
            return self.initial.get("definition")
        self.is_valid()
        return self.cleaned_data.get("definition")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first_date"), data.get("last_date")
        if first and last and first > last:
            self.add_error("last_date", _("This day is before the first one."))
        return data

    def make_wish(self) -> Wish:
        """Of a valid form."""
        data = self.cleaned_data
        last = data["last_date"]
        return Wish(
            name=data["name"],
            says=data["definition"],
            places=list(Place.objects.filter(pk__in=[place.pk for place in data["places"]])),
            after_at=_begin(data["first_date"]),
            until_at=_begin(last + timedelta(days=1)) if last else None,
            rule=data["rule"],
            asks_model=data["ask_model"],
        )


def propose(says: EngineRule, name: str, rule: Rule | None) -> TryForm:
    """A form to begin with: some of the places that the rule looks at."""
    places = list(_list_places(rule)[:PROPOSED_PLACES])
    return TryForm(initial={"name": name, "definition": says, "rule": rule, "places": places})


def _list_places(rule: Rule | None) -> Any:
    places = Place.objects.active().order_by("name")
    if rule is not None and rule.scope == RuleScope.PLACES:
        return places.filter(chosen_by=rule)
    if rule is not None and rule.scope == RuleScope.TAGS:
        return places.filter(tags__rules=rule).distinct()
    return places


def _begin(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), tzinfo=UTC) if day else None
