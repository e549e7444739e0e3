"""What the facts say of one condition: a value, whether it reaches a level, and of which hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from weatherapp.alerting.engine.facts import FRESH, Facts, Prediction
from weatherapp.domain.cap import Certainty, certainty_of_forecast, certainty_of_probability
from weatherapp.domain.conditions import Aggregation, Basis, Condition, Level
from weatherapp.domain.quantities import Kind
from weatherapp.domain.series import KnownHours
from weatherapp.domain.spans import HOUR, Span, floor_hour

# Of the hours that a condition looks at so many must be known, or it has no data.
KNOWN_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class Reading:
    """`value` is what the hours in `window` add up to; of codes, the number of hours with any.

    `hours` are those that are known: the quantity's values, or the probability of each hour.
    """

    condition: Condition
    value: float
    hours: KnownHours
    window: Span
    made_at: datetime

    def reaches(self, level: Level) -> bool:
        """Whether it is as bad as `level`."""
        return self.condition.comparison.reaches(self._value_at(level), level.threshold)

    def keeps(self, level: Level) -> bool:
        """Whether what has been as bad as `level` still counts as that."""
        value = self._value_at(level)
        return self.condition.comparison.reaches(value, level.threshold) or (
            self.condition.comparison.reaches(value, level.recovery_threshold)
        )

    def span(self, level: Level) -> Span:
        """From when to when what it says holds.

        A single hour stands for itself where one is enough; sums, means and changes are of all
        hours in the window, and so is the chance of any wet hour where none of them is likely.
        """
        if self.condition.basis is Basis.MEASURED:
            return self._measured_span(level)
        found = self.hours.span_of(find_single(self.condition, level))
        if found is None:
            return self.window
        return Span(max(found.starts_at - self._hour_before, self.window.starts_at), found.ends_at)

    def certainty(self, span: Span) -> Certainty:
        """`span` is that of the level in question."""
        if self.condition.basis is Basis.MEASURED:
            return Certainty.OBSERVED
        if self.condition.basis is Basis.PROBABILITY:
            return certainty_of_probability(self.value)
        return certainty_of_forecast(span.starts_at - self.made_at)

    def _measured_span(self, level: Level) -> Span:
        """It began with the first hour that counts, and holds as long as the reading is fresh."""
        ends_at = self.made_at + FRESH[Basis.MEASURED]
        found = self.hours.span_of(find_single(self.condition, level))
        starts_at = found.starts_at - self._hour_before if found else self.window.starts_at
        return Span(max(starts_at, self.window.starts_at), ends_at)

    @property
    def _hour_before(self) -> timedelta:
        """A sum or maximum is of the hour before its time; the weather of a code lasts as long."""
        is_instant = self.condition.quantity.kind is Kind.INSTANT
        return timedelta(0) if is_instant else HOUR

    def _value_at(self, level: Level) -> float:
        if self.condition.aggregation is not Aggregation.ANY_CODE:
            return self.value
        return float(sum(int(value) in level.codes for value in self.hours.values))


def find_single(condition: Condition, level: Level) -> Callable[[float], bool]:
    """Says of a value whether its hour by itself is what the level speaks of."""
    if condition.aggregation is Aggregation.ANY_CODE:
        return lambda value: int(value) in level.codes
    if condition.aggregation is Aggregation.SUM:
        return lambda value: value > 0
    if condition.aggregation in (Aggregation.MEAN, Aggregation.CHANGE):
        return lambda _: False
    return lambda value: condition.comparison.reaches(value, level.threshold)


def read(
    condition: Condition, facts: Facts, *, now: datetime, lead_from_hours: int
) -> Reading | None:
    """None: no data, because facts are missing, too old, or know too few of the hours."""
    if not facts.is_fresh(condition.basis, now):
        return None
    if condition.basis is Basis.PROBABILITY:
        return _read_probability(condition, facts.prediction, now, lead_from_hours)
    return _read_hours(condition, facts, now, lead_from_hours)


def _read_hours(
    condition: Condition, facts: Facts, now: datetime, lead_from_hours: int
) -> Reading | None:
    length = condition.hours * HOUR
    if condition.basis is Basis.MEASURED and facts.measured is not None:
        series, made_at = facts.measured.series, facts.measured.newest_at
        window = Span(made_at - length, made_at)
    elif condition.basis is Basis.FORECAST and facts.forecast is not None:
        series, made_at = facts.forecast.series, facts.forecast.run_at
        start_at = floor_hour(now) + lead_from_hours * HOUR
        window = Span(start_at, start_at + length)
    else:
        return None
    after_at = window.starts_at
    if condition.aggregation is Aggregation.CHANGE:
        after_at -= HOUR  # from the hour at which the window begins
    hours = series.known(condition.quantity_name, after=after_at, until=window.ends_at)
    value = aggregate(condition, hours, window)
    return None if value is None else Reading(condition, value, hours, window, made_at)


def _read_probability(
    condition: Condition, prediction: Prediction | None, now: datetime, lead_from_hours: int
) -> Reading | None:
    if prediction is None:
        return None
    start_at = floor_hour(now) + lead_from_hours * HOUR
    window = Span(start_at, start_at + condition.hours * HOUR)
    first = max((start_at - prediction.window_end_at) // HOUR + 1, 1)
    last = min(
        (window.ends_at - prediction.window_end_at) // HOUR, len(prediction.hourly_probability)
    )
    if last - first + 1 < KNOWN_SHARE * condition.hours:
        return None
    first_at = prediction.window_end_at + first * HOUR
    hours = KnownHours(first_at, prediction.hourly_probability[first - 1 : last])
    value = prediction.probability_any(first, last)
    return Reading(condition, value, hours, window, prediction.window_end_at)


_SUMMARIES: dict[Aggregation, Callable[[list[float]], float]] = {
    Aggregation.MAXIMUM: max,
    Aggregation.MINIMUM: min,
    Aggregation.SUM: sum,
    Aggregation.MEAN: lambda values: sum(values) / len(values),
}


def aggregate(condition: Condition, hours: KnownHours, window: Span) -> float | None:
    """The value of the hours; None where too few of them are known."""
    if condition.aggregation is Aggregation.CHANGE:
        return _find_change(hours, window)
    if not hours or len(hours) < KNOWN_SHARE * condition.hours:
        return None
    values = hours.values
    if condition.aggregation is Aggregation.ANY_CODE:
        return float(sum(int(value) in condition.all_codes for value in values))
    return _SUMMARIES[condition.aggregation](values)


def _find_change(hours: KnownHours, window: Span) -> float | None:
    """Both ends must be known: a change over fewer hours is another change."""
    known = dict(hours)
    if window.starts_at not in known or window.ends_at not in known:
        return None
    return known[window.ends_at] - known[window.starts_at]
