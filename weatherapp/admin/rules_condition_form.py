"""One condition of a rule as a form: percents are typed as percents, the rest in its unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from weatherapp.admin.rules_codes import CodesField
from weatherapp.display.labels import name_quantity
from weatherapp.domain.cap import LEVELS, Severity
from weatherapp.domain.conditions import (
    Aggregation,
    Basis,
    Comparison,
    Condition,
    Level,
    of_code,
    sort_levels,
)
from weatherapp.domain.formatting import METRIC
from weatherapp.domain.quantities import BY_NAME, QUANTITIES, Kind, Quantity

DIGITS = 9  # .35 is 35 %, not 35.00000000000001 %
MOST_HOURS = 9999  # how many a basis really has says the rule's own check

BASES = [
    (Basis.MEASURED.value, _("measured, in the past hours")),
    (Basis.FORECAST.value, _("forecast by the source, for the next hours")),
    (Basis.PROBABILITY.value, _("probability by model and source, for the next hours")),
]
AGGREGATIONS = [
    (Aggregation.MAXIMUM.value, _("the highest")),
    (Aggregation.MINIMUM.value, _("the lowest")),
    (Aggregation.SUM.value, _("the sum")),
    (Aggregation.MEAN.value, _("the mean")),
    (Aggregation.CHANGE.value, _("the change (a fall is below zero)")),
    (Aggregation.ANY_CODE.value, _("any hour with a kind of weather")),
    (Aggregation.ANY_WET.value, _("the probability of any rain")),
]
COMPARISONS = [
    (Comparison.AT_LEAST.value, _("this or more")),
    (Comparison.AT_MOST.value, _("this or less")),
]


class LevelFields(NamedTuple):
    """A row of the form."""

    severity: str
    threshold: BoundField
    recovery_threshold: BoundField


def unit_symbol(quantity: Quantity) -> str:
    return quantity.display_unit(METRIC).symbol


def to_typed(quantity: Quantity, value: float) -> float | int:
    """.5 of a probability as 50, without a fraction that says nothing."""
    typed = round(value * quantity.display_unit(METRIC).factor, DIGITS)
    return int(typed) if typed == int(typed) else typed


def from_typed(quantity: Quantity, typed: float) -> float:
    return round(typed / quantity.display_unit(METRIC).factor, DIGITS)


def threshold_field(severity: Severity) -> str:
    return f"{severity.lower()}_threshold"


def recovery_field(severity: Severity) -> str:
    return f"{severity.lower()}_recovery_threshold"


def list_quantities() -> list[tuple[str, Any]]:
    """With their units, in which thresholds are typed."""
    named = [(quantity, unit_symbol(quantity)) for quantity in QUANTITIES]
    return [
        ("", _("no condition")),
        *(
            (one.name, f"{name_quantity(one.name)}, {unit}" if unit else name_quantity(one.name))
            for one, unit in named
        ),
    ]


class ConditionForm(forms.Form):
    """Without a quantity, and with nothing else, it is no condition.

    `condition` is what it says, once it is valid; `parts` the fields of its levels, row by row.
    """

    quantity = forms.ChoiceField(label=_("Quantity"), choices=list_quantities, required=False)
    basis = forms.ChoiceField(label=_("Where it is from"), choices=BASES, initial=Basis.FORECAST)
    hours = forms.IntegerField(
        label=_("How many hours"), initial=24, min_value=0, max_value=MOST_HOURS
    )
    aggregation = forms.ChoiceField(label=_("What of these hours"), choices=AGGREGATIONS)
    comparison = forms.ChoiceField(label=_("An alert from"), choices=COMPARISONS)
    codes = CodesField(label=_("Kinds of weather"), required=False)

    condition: Condition | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for severity in LEVELS:
            for name in (threshold_field(severity), recovery_field(severity)):
                self.fields[name] = forms.FloatField(
                    required=False, widget=forms.NumberInput({"step": "any"})
                )
        # Where there is no condition nothing is missing.
        for name in ("basis", "hours", "aggregation", "comparison"):
            self.fields[name].required = not self.is_blank

    @property
    def is_blank(self) -> bool:
        """Whether it is bound to nothing that a condition would be made of."""
        named = [self.add_prefix(name) for name in ("quantity", *self._level_names)]
        codes = self.fields["codes"].widget.value_from_datadict(
            self.data, {}, self.add_prefix("codes")
        )
        return self.is_bound and not codes and not any(self.data.get(name) for name in named)

    @property
    def unit(self) -> str:
        """In which its thresholds are typed; empty: as the quantity, once it is chosen, says."""
        quantity = BY_NAME.get(self["quantity"].value() or "")
        return unit_symbol(quantity) if quantity else ""

    @property
    def levels(self) -> Iterator[LevelFields]:
        for severity in LEVELS:
            yield LevelFields(
                severity.value, self[threshold_field(severity)], self[recovery_field(severity)]
            )

    @property
    def is_open(self) -> bool:
        """Whether the page shows it unfolded."""
        return bool(self.errors or self["quantity"].value())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.is_blank:
            return data
        quantity = BY_NAME.get(data.get("quantity", ""))
        if quantity is None:
            if "quantity" not in self.errors:
                self.add_error("quantity", _("Choose the quantity that this condition is about."))
            return data
        levels = self._read_levels(quantity, data)
        if not self.errors:
            self.condition = Condition(
                quantity_name=quantity.name,
                basis=Basis(data["basis"]),
                hours=data["hours"],
                aggregation=Aggregation(data["aggregation"]),
                comparison=Comparison(data["comparison"]),
                levels=sort_levels(levels),
            )
        return data

    def field_at(self, severity: Severity | None, name: str) -> str:
        """Which field of the form an attribute of the condition, or of a level, is typed into."""
        is_code = self.condition is not None and self.condition.quantity.kind is Kind.CODE
        if name == "quantity_name":
            return "quantity"
        if name == "codes" or (name == "levels" and is_code):
            return "codes"
        if name == "levels":
            return threshold_field(LEVELS[0])
        if severity is None:
            return name
        return threshold_field(severity) if name == "threshold" else recovery_field(severity)

    @property
    def _level_names(self) -> Iterator[str]:
        for severity in LEVELS:
            yield from (threshold_field(severity), recovery_field(severity))

    def _read_levels(self, quantity: Quantity, data: dict[str, Any]) -> dict[Severity, Level]:
        if quantity.kind is Kind.CODE:
            return _read_codes(data.get("codes") or {})
        found = {}
        for severity in LEVELS:
            threshold = data.get(threshold_field(severity))
            recovery = data.get(recovery_field(severity))
            if threshold is None:
                self._miss_threshold(severity, recovery)
                continue
            at = threshold if recovery is None else recovery
            found[severity] = Level(
                severity, from_typed(quantity, threshold), from_typed(quantity, at)
            )
        return found

    def _miss_threshold(self, severity: Severity, recovery: float | None) -> None:
        name = threshold_field(severity)
        if recovery is not None and name not in self.errors:
            self.add_error(name, _("An alert that ends at this value must begin at one."))


def _read_codes(by_code: dict[int, Severity]) -> dict[Severity, Level]:
    """What is severe is moderate as well: a level holds its own codes and those of worse ones."""
    return {
        severity: of_code(
            severity,
            frozenset(code for code, worst in by_code.items() if worst.rank >= severity.rank),
        )
        for severity in sorted(set(by_code.values()), key=lambda one: one.rank)
    }


def list_initial(condition: Condition) -> dict[str, Any]:
    """What a form of the condition shows."""
    initial: dict[str, Any] = {
        "quantity": condition.quantity_name,
        "basis": condition.basis.value,
        "hours": condition.hours,
        "aggregation": condition.aggregation.value,
        "comparison": condition.comparison.value,
    }
    if condition.aggregation is Aggregation.ANY_CODE:
        codes = {code: level.severity.value for level in condition.levels for code in level.codes}
        return initial | {"codes": codes}
    for level in condition.levels:
        initial[threshold_field(level.severity)] = to_typed(condition.quantity, level.threshold)
        initial[recovery_field(level.severity)] = to_typed(
            condition.quantity, level.recovery_threshold
        )
    return initial
