"""A rule as a form: the row, up to three conditions, and how patient it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from weatherapp.admin.generic import ModelForm
from weatherapp.admin.rules_condition_form import ConditionForm, list_initial
from weatherapp.admin.rules_problems import place_problems
from weatherapp.alerting.engine.rule import MOST_CONDITIONS, NoDataPolicy
from weatherapp.alerting.engine.rule import Rule as EngineRule
from weatherapp.alerting.rulebook import read_version
from weatherapp.domain.conditions import Condition
from weatherapp.models import Place, Rule, RuleScope

NO_DATA_POLICIES = [
    (NoDataPolicy.SAY.value, _("say “no data”, and expire when that lasts")),
    (NoDataPolicy.KEEP.value, _("stay as it was, and expire when that lasts")),
    (NoDataPolicy.END.value, _("end at once")),
]
SHOWN_NAMES = 5


class PlaceNamesField(forms.CharField):
    """Places by name, one a line: for a few of 10,000 no list to choose from is short enough."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return "\n".join(sorted(place.name for place in value))

    def clean(self, value: Any) -> list[Place]:
        names = {name.strip().casefold(): name.strip() for name in super().clean(value).split("\n")}
        names.pop("", None)
        if not names:
            return []
        places = [one for one in Place.objects.only("name") if one.name.casefold() in names]
        unknown = [names[key] for key in names.keys() - {one.name.casefold() for one in places}]
        if unknown:
            raise _say_unknown(sorted(unknown)[:SHOWN_NAMES])
        return places

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = {place.name.casefold() for place in initial or ()}
        return before != {line.strip().casefold() for line in (data or "").split("\n")} - {""}


def _say_unknown(names: list[str]) -> ValidationError:
    """With places that are called much the same, if there are any."""
    within = Q()
    for name in names:
        within |= Q(name__icontains=name)
    near = list(Place.objects.filter(within).values_list("name", flat=True)[:SHOWN_NAMES])
    told = _("There is no place with this name: %(names)s.")
    if near:
        told = _("There is no place with this name: %(names)s. Did you mean %(near)s?")
    return ValidationError(told, params={"names": ", ".join(names), "near": ", ".join(near)})


class RuleForm(ModelForm[Rule]):
    """`says` is what the rule says: that of the newest version, then what was typed, once valid."""

    places = PlaceNamesField(
        label=_("Chosen places"),
        required=False,
        help_text=_("One name a line."),
        widget=forms.Textarea({"rows": 4, "cols": 40}),
    )
    pending_evaluations = forms.IntegerField(
        label=_("Raise after so many evaluations in a row"),
        initial=1,
        help_text=_("1: at the first. Evaluations come with new facts, about once an hour."),
    )
    pending_minutes = forms.IntegerField(
        label=_("and after so many minutes"), initial=0, help_text=_("0: at once.")
    )
    keep_firing_minutes = forms.IntegerField(
        label=_("Minutes to wait before it ends"), initial=0, help_text=_("0: ends at once.")
    )
    rearm_minutes = forms.IntegerField(
        label=_("Minutes to wait before the next one"), initial=0, help_text=_("0: no wait.")
    )
    lead_from_hours = forms.IntegerField(
        label=_("Look from so many hours ahead on"),
        initial=0,
        help_text=_("0: from now. Only what is forecast or predicted."),
    )
    months = forms.TypedMultipleChoiceField(
        label=_("Only in these months"),
        coerce=int,
        choices=list(MONTHS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: all the year."),
    )
    from_hour = forms.IntegerField(
        label=_("Only from this hour of the day"),
        required=False,
        help_text=_("0 to 24, by the place's own clock. Empty: all day."),
    )
    to_hour = forms.IntegerField(
        label=_("up to this hour"),
        required=False,
        help_text=_("May be past midnight: from 20 to 8."),
    )
    no_data_policy = forms.ChoiceField(
        label=_("Without data an open alert should"), choices=NO_DATA_POLICIES
    )

    KNOBS = (
        "pending_evaluations",
        "pending_minutes",
        "keep_firing_minutes",
        "rearm_minutes",
        "lead_from_hours",
        "months",
        "from_hour",
        "to_hour",
        "no_data_policy",
    )

    class Meta:
        model = Rule
        fields = ("name", "is_active", "scope", "tags", "places", "yields_to_official")
        widgets = {"tags": forms.CheckboxSelectMultiple, "scope": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = self.instance.versions.first() if self.instance.pk else None
        self.says = read_version(version) if version else None
        self.is_unreadable = version is not None and self.says is None
        if self.says is not None:
            knobs = {name: getattr(self.says, name) for name in self.KNOBS}
            self.initial = {**knobs, "months": sorted(self.says.months), **self.initial}
        self.conditions = self._make_conditions(self.says.conditions if self.says else ())

    @property
    def is_preview(self) -> bool:
        """Whether the sentence is asked for, and nothing is to be stored."""
        return "_preview" in self.data

    def is_valid(self) -> bool:
        return super().is_valid() and not self.is_preview

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_scope(data)
        read = [(form, form.condition) for form in self.conditions if form.is_valid()]
        says = self._make_rule([condition for _form, condition in read if condition], data)
        place_problems(self, [form for form, condition in read if condition], says)
        broken = [str(at) for at, form in enumerate(self.conditions, start=1) if form.errors]
        if broken:
            numbers = ", ".join(broken)
            self.add_error(
                None, ValidationError(_("See condition %(numbers)s."), params={"numbers": numbers})
            )
        self.says = None if self.errors else says
        return data

    def _make_conditions(self, conditions: Iterable[Condition]) -> list[ConditionForm]:
        initial = [list_initial(condition) for condition in conditions]
        initial += [{} for _ in range(MOST_CONDITIONS - len(initial))]
        data = self.data if self.is_bound else None
        return [
            ConditionForm(data, prefix=f"condition-{number}", initial=values or None)
            for number, values in enumerate(initial)
        ]

    def _check_scope(self, data: dict[str, Any]) -> None:
        if data.get("scope") == RuleScope.TAGS and "tags" in data and not data["tags"]:
            self.add_error("tags", _("Choose at least one tag, or another scope."))
        if data.get("scope") == RuleScope.PLACES and "places" in data and not data["places"]:
            self.add_error("places", _("Name at least one place, or choose another scope."))

    def _make_rule(self, conditions: list[Condition], data: dict[str, Any]) -> EngineRule:
        """What could not be read is as usual: it is complained of already."""
        knobs = {name: data[name] for name in self.KNOBS if name in data}
        if "months" in knobs:
            knobs["months"] = frozenset(knobs["months"])
        if "no_data_policy" in knobs:
            knobs["no_data_policy"] = NoDataPolicy(knobs["no_data_policy"])
        return EngineRule(tuple(conditions), **knobs)
