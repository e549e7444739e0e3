"""A place as the home page lists it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from weatherapp.models import Place, Prediction, Reading, RuleState
from weatherapp.pages.chart import Bar, draw_strip
from weatherapp.pages.newest import (
    read_newest_predictions,
    read_newest_readings,
    read_newest_requests,
)
from weatherapp.pages.outlook import Outlook, make_outlook
from weatherapp.pages.replay import Clocks
from weatherapp.pages.standing import (
    PredictionStanding,
    RuleLine,
    is_fetch_failing,
    judge_prediction,
    judge_rule,
)


@dataclass(frozen=True, slots=True)
class PlaceLine:
    place: Place
    now: datetime  # the place's clock
    standing: PredictionStanding
    outlook: Outlook | None
    strip: tuple[Bar, ...]
    reading: Reading | None
    rules: tuple[RuleLine, ...]
    is_fetch_failing: bool
    alerted_rule_ids: frozenset[int]  # these are told of as alerts

    @property
    def headline(self) -> str:
        return self.outlook.headline(self.place.zone) if self.outlook else "No data"

    @property
    def rules_without_data(self) -> tuple[RuleLine, ...]:
        return tuple(
            line
            for line in self.rules
            if line.state == RuleState.NO_DATA and line.rule.pk not in self.alerted_rule_ids
        )


def read_place_lines(
    places: Sequence[Place], clocks: Clocks, *, alerted_rule_ids: Iterable[int]
) -> tuple[PlaceLine, ...]:
    """`places` have their rules prefetched; the number of queries does not grow with them."""
    predictions = read_newest_predictions(places, now=clocks.now)
    requests = read_newest_requests(places)
    readings = read_newest_readings(places, now=clocks.now)
    alerted = frozenset(alerted_rule_ids)
    lines = []
    for place in places:
        standing = judge_prediction(
            predictions.get(place.pk),
            requests.get(place.pk),
            now=clocks.now,
            place_now=clocks.at(place),
            fresh_for=settings.PREDICTION_FRESH,
        )
        lines.append(_make_line(place, clocks.at(place), standing, readings.get(place.pk), alerted))
    return tuple(lines)


def _make_line(
    place: Place,
    now: datetime,
    standing: PredictionStanding,
    reading: Reading | None,
    alerted_rule_ids: frozenset[int],
) -> PlaceLine:
    outlook = _make_outlook(standing.prediction, now) if standing.is_fresh else None
    rules = (rule for rule in place.rules.all() if rule.is_active)
    return PlaceLine(
        place=place,
        now=now,
        standing=standing,
        outlook=outlook,
        strip=draw_strip(outlook, place.zone) if outlook else (),
        reading=reading,
        rules=tuple(judge_rule(rule, standing) for rule in rules),
        is_fetch_failing=is_fetch_failing(place),
        alerted_rule_ids=alerted_rule_ids,
    )


def _make_outlook(prediction: Prediction | None, now: datetime) -> Outlook | None:
    return make_outlook(prediction, now=now) if prediction else None
