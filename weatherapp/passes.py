"""The jobs that go through all places, as much of each as fits some seconds; the next tick goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.utils import timezone

from weatherapp.alerting import rule_skill, verifying
from weatherapp.domain.time_limit import start_time_limit
from weatherapp.forecasting.asking import place_climate
from weatherapp.forecasting.blending import learn_calibration, weights
from weatherapp.forecasting.scoring import outcomes, skill_rows
from weatherapp.intake import retention
from weatherapp.models import PlacePass

AskHelp = Callable[[], None]  # called where there is more to do than one part

# An hour's outcomes are read with the answers of the day before: hourly that would be four times the work.
SCORED_EVERY = timedelta(hours=6)
SCORED_TOGETHER = 20  # places
SCORING_SECONDS = 10.0  # of a minute, of each worker that takes part
REPAIRING_SECONDS = 2.0  # likewise
FORGETTING_SECONDS = 30.0  # of an hour


def score_and_fit(ask_help: AskHelp) -> None:
    """What came against what was said, and what this teaches."""
    parts = PlacePass.objects.take_parts(
        "score_and_fit",
        every=SCORED_EVERY,
        limit=SCORED_TOGETHER,
        now=timezone.now(),
        is_time_up=start_time_limit(SCORING_SECONDS),
        ask_help=ask_help,
    )
    for part in parts:
        outcomes.score_places(part.place_ids)
        verifying.verify_alerts(part.place_ids)
        learn_calibration.learn_calibrations(part.place_ids, now=timezone.now())
        if part.is_last:
            # What another worker still counts, the next pass learns from.
            weights.learn_weights(now=timezone.now())
            skill_rows.forget_old_skill()
            rule_skill.forget_old_rule_skill()


def repair_climates(ask_help: AskHelp) -> None:
    """What was usual at places is counted anew."""
    is_time_up = start_time_limit(REPAIRING_SECONDS)
    place_climate.repair(now=timezone.now(), is_time_up=is_time_up, ask_help=ask_help)


def forget_old_weather(ask_help: AskHelp) -> None:
    """Readings, forecasts and predictions that nothing looks at any more."""
    is_time_up = start_time_limit(FORGETTING_SECONDS)
    retention.forget_old_weather(now=timezone.now(), is_time_up=is_time_up, ask_help=ask_help)


# By the name of the tick.
PASSES: Mapping[str, Callable[[AskHelp], None]] = {
    "forget_old_weather": forget_old_weather,
    "repair_climates": repair_climates,
    "score_and_fit": score_and_fit,
}
