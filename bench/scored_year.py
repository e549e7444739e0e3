"""`python -m bench.scored_year`: what the demo's accuracy pages show, made again.

Each hour of the replay's table is predicted by a model that never saw these stations, calibrated
online as a site does it, scored, and the rain rules are played on it. The first 90 days are what a
site knows at its start (as backfill brings them); scoring begins behind them. The model comes from

    python -m predictor.training.leave_out --only JFK --epochs 8 --keep FOLDER

and `--models-folder FOLDER` here. Minutes, most of them for what is usual at the place.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

HOUR = timedelta(hours=1)
BEFORE = timedelta(days=90)
DELAY = timedelta(minutes=5)
RULES = ("rain-soon", "rain-6h")  # the others speak of what the replay has no forecasts of


def main() -> None:
    options = parse()
    os.environ |= {
        "SECRET_KEY": "bench-only",
        "ALLOWED_HOSTS": "localhost",
        "DJANGO_SETTINGS_MODULE": "weatheralert.settings",
    }
    import django

    django.setup()
    from predictor.engine import Engine
    from weatherapp.intake.scenes.catalogue import STATIONS
    from weatherapp.intake.scenes.scored import SCORED_PATH

    logging.getLogger().setLevel(logging.WARNING)
    engine = Engine(options.models_folder, options.model, "litert")
    scored = {
        "model": options.model,  # never saw these stations
        "version": engine.check().version,
        "rules": define_rules(),
        "stations": {station.code: score(station, engine) for station in STATIONS},
    }
    text = json.dumps(scored, indent=1) + "\n"
    (options.out or SCORED_PATH).write_text(text, encoding="utf-8")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.scored_year", description=__doc__)
    parser.add_argument("--models-folder", type=Path, required=True)
    parser.add_argument("--model", default="left_out")
    parser.add_argument("--out", type=Path, help="default: where the demo reads it")
    return parser.parse_args()


def define_rules() -> dict[str, object]:
    from weatherapp.alerting.catalogue import BY_KEY
    from weatherapp.alerting.engine import wire

    return {key: wire.to_json(BY_KEY[key].says) for key in RULES}


def score(station, engine) -> dict[str, object]:
    from weatherapp.forecasting.scoring.climatology import Climatology
    from weatherapp.intake.scenes.table import load_table

    table = load_table()[station.code]
    columns = table.read_columns()
    first_at, since_at = table.first_at, table.first_at + BEFORE
    rain = columns["precipitation_mm"]
    wet_hours = {
        first_at + index * HOUR: value >= 0.1
        for index, value in enumerate(rain)
        if value is not None
    }
    rows = list(answer_all(station, columns, first_at, engine))
    usual = Climatology()
    usual.count_all({at: wet for at, wet in wet_hours.items() if at <= since_at})
    return {
        "skill": count_cases(rows, wet_hours, usual),
        "rules": play_rules(rows, columns, first_at, since_at),
    }


def answer_all(station, columns, first_at, engine):
    """The site's answer after each hour behind the first 90 days, calibrated by what came before."""
    from predictor import contract
    from predictor.online_calibration import UNCALIBRATED, calibrate, learn_answer
    from weatherapp.forecasting.asking.climate import RECORD_HOURS, measure_climate
    from weatherapp.forecasting.blending.learn_calibration import find_outcome
    from weatherapp.models import Prediction

    hours = list(zip(*(columns[name] for name in contract.FEATURE_NAMES), strict=True))
    known = [row if any(value is not None for value in row) else None for row in hours]
    padded = [None] * RECORD_HOURS + known
    rain = {
        first_at + index * HOUR: row[-1] >= contract.WET_HOUR_MM
        for index, row in enumerate(hours)
        if row[-1] is not None
    }
    scalings, said_at = UNCALIBRATED, {}
    for index in range(BEFORE // HOUR, len(hours)):
        at = first_at + index * HOUR
        settled = said_at.pop(at - contract.LEAD_HOURS * HOUR, None)
        if settled is not None:
            outcome = find_outcome(at - contract.LEAD_HOURS * HOUR, rain)
            scalings = learn_answer(scalings, settled, outcome)
        record = padded[index + 1 : index + 1 + RECORD_HOURS]
        try:
            window = contract.make_window(
                latitude=station.latitude,
                longitude=station.longitude,
                window_end_at=at,
                hours=[row or (None,) * len(contract.FEATURES) for row in record[-24:]],
                climate=measure_climate(record),
            )
        except contract.ContractError:
            continue
        answer = engine.answer(window)
        raw = (*answer.hourly_probability, answer.probability_any_6h, answer.probability_any_24h)
        said_at[at] = raw
        *hourly, any_6h, any_24h = calibrate(scalings, raw)
        yield Prediction(
            window_end_at=at,
            hourly_probability=hourly,
            probability_any_6h=any_6h,
            probability_any_24h=any_24h,
            answered_at=at + DELAY,
        )


def count_cases(rows, wet_hours, usual) -> list[dict[str, object]]:
    """By band; climatology knows the hours up to the window's end."""
    from weatherapp.forecasting.blending.bands import find_band
    from weatherapp.forecasting.scoring.outcomes import pair
    from weatherapp.forecasting.scoring.skill import SkillSums

    found = defaultdict(SkillSums)
    for row in rows:
        for _, lead_hours, said in pair(row, wet_hours, usual):
            found[find_band(lead_hours).first_lead_hours].add(said)
        following = row.window_end_at + HOUR
        if following in wet_hours:
            usual.count(following, is_wet=wet_hours[following])
    return [
        {
            "first_lead_hours": band,
            "since_at": sums.since_at.isoformat(),
            "until_at": sums.until_at.isoformat(),
            "cases": sums.cases,
            "wet_cases": sums.wet_cases,
            "model_squared_error": round(sums.model_squared_error, 3),
            "site_squared_error": round(sums.site_squared_error, 3),
            "climatology_squared_error": round(sums.climatology_squared_error, 3),
            "bins": [[cases, round(said, 2), wet] for cases, said, wet in sums.bins],
        }
        for band, sums in sorted(found.items())
    ]


def play_rules(rows, columns, first_at, since_at) -> dict[str, object]:
    from weatherapp.alerting.catalogue import BY_KEY
    from weatherapp.alerting.engine.backtest import backtest
    from weatherapp.alerting.engine.facts import Prediction
    from weatherapp.alerting.engine.history import History
    from weatherapp.alerting.engine.verification import LATE
    from weatherapp.domain.series import Series
    from weatherapp.domain.spans import Span

    record = Series(first_at, columns)
    predictions = [
        (
            row.window_end_at,
            Prediction(
                row.window_end_at,
                row.hourly_probability,
                row.probability_any_6h,
                row.probability_any_24h,
            ),
        )
        for row in rows
    ]
    history = History(record, since_at, record.hours()[-1], predictions=predictions)
    rules = [BY_KEY[key].says for key in RULES]
    results = backtest(rules, history)
    span = Span(since_at + LATE, history.until_at)
    return {
        key: judge(rule, result, record, span)
        for key, rule, result in zip(RULES, rules, results, strict=True)
    }


def judge(rule, result, record, span) -> dict[str, object]:
    """As the site does it: a live site knows an hour some minutes after its end."""
    from weatherapp.alerting.engine.verification import ToldAlert, verify
    from weatherapp.domain.spans import Span

    told = [
        ToldAlert(
            Span(
                alert.raised_at + DELAY,
                max(alert.spoke_until_at, alert.ends_at or span.ends_at + HOUR),
            )
        )
        for alert in result.alerts
    ]
    found = verify(rule, told, record, span=span)
    leads = Counter(lead // HOUR for lead in found.leads)
    return {
        "hits": found.hits,
        "false_alarms": found.false_alarms,
        "events": found.events,
        "late": found.late,
        "leads": {str(hours): count for hours, count in sorted(leads.items())},
    }


if __name__ == "__main__":
    main()
