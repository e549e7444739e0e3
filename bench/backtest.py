"""`python -m bench.backtest`: how long a try on a year of a place takes, and how much memory.

Through the tables, as the worker does it: SQLite in a folder of its own; each rule with its two
neighbours at one station of the replay, and then all three stations in one try. CPU seconds of one
core: what else the machine does counts little.
"""

from __future__ import annotations

import os
import resource
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

KEYS = (
    "persistent-rain",
    "pressure-fall",
    "strong-wind",
    "heavy-rain-measured",
    "storm-gusts",
    "frost",
)
HOUR = timedelta(hours=1)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        set_up(Path(folder))
        from weatherapp.intake.scenes.catalogue import STATIONS

        places = [make_place(station) for station in STATIONS]
        store_runs(places[0])
        try_rules("strong-wind", places[:1])  # what is loaded once is loaded
        print(f"{'rule and its neighbours':<44}{'place-hours':>12}{'CPU, s':>8}{'RSS, MB':>9}")
        for key in KEYS:
            report(key, places[:1], "1 place")
        report("persistent-rain", places, "3 places")


def set_up(folder: Path) -> None:
    os.environ |= {
        "SECRET_KEY": "bench-only",
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
        "DJANGO_SETTINGS_MODULE": "weatheralert.settings",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)


def make_place(station):
    from weatherapp.models import Place

    return Place.objects.create(
        name=station.name,
        latitude=station.latitude,
        longitude=station.longitude,
        time_zone=station.time_zone,
        source="replay",
        station=station.code,
    )


def store_runs(place) -> None:
    """A year of hourly runs of seven quantities and 48 hours, some 30 MB: what a live place has.

    They tell what came; gusts half as much again as the wind.
    """
    from weatherapp.domain.quantities import FORECAST_NAMES
    from weatherapp.intake.archive import read_archive
    from weatherapp.models import SourceForecast

    record = read_archive(place)
    known = dict.fromkeys(FORECAST_NAMES, [0.0] * len(record.hours())) | record.columns
    known["wind_gust_ms"] = [(wind or 0.0) * 1.5 for wind in known["wind_speed_ms"]]
    hours = list(enumerate(record.hours()))
    for start in range(0, len(hours), 100):
        SourceForecast.objects.bulk_create(
            SourceForecast(
                place=place,
                source="replay",
                hour_at=at,
                received_at=at,
                first_at=at + HOUR,
                columns={name: known[name][index + 1 : index + 49] for name in FORECAST_NAMES},
            )
            for index, at in hours[start : start + 100]
        )


def try_rules(key: str, places) -> int:
    """Place-hours that were played."""
    from weatherapp.alerting.catalogue import BY_KEY
    from weatherapp.alerting.trying import Wish, ask, work
    from weatherapp.intake.archive import read_archive

    wish = Wish(BY_KEY[key].name, BY_KEY[key].says, places)
    row = ask(wish, read_archive, asked_by_id=None, now=datetime.now(UTC))
    while work(row.pk, clock=lambda: datetime.now(UTC), archive=read_archive):
        pass
    return row.hours_total


def report(key: str, places, where: str) -> None:
    began_s = process_time()
    hours = try_rules(key, places)
    taken_s = process_time() - began_s
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{key + ', ' + where:<44}{hours:>12}{taken_s:>8.2f}{peak_mb:>9.1f}", flush=True)


if __name__ == "__main__":
    main()
