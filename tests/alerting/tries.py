"""Tries of a rule on a windy place, by a clock of their own."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.factories import (
    NOON,
    make_place,
    make_readings,
    storm_gusts,
)
from weatherapp.alerting.tried import read_result
from weatherapp.alerting.trying import Wish, ask, work
from weatherapp.domain.conditions import Basis
from weatherapp.intake.archive import read_archive

HOUR = timedelta(hours=1)
GUSTS = storm_gusts(6, basis=Basis.MEASURED)


class Clock:
    """Goes on by `step` each time that somebody looks."""

    def __init__(self, now: datetime = NOON, step: timedelta = timedelta(0)) -> None:
        self.now = now
        self.step = step

    def __call__(self) -> datetime:
        self.now += self.step
        return self.now


def make_windy_place(name="Dublin", hours=48):
    """A storm in the last three hours."""
    place = make_place(name=name)
    make_readings(place, hours=hours, wind_gust_ms=5.0)
    place.readings.filter(observed_at__gt=NOON - 3 * HOUR).update(wind_gust_ms=20.0)
    return place


def ask_for(*places, says=GUSTS, now=NOON, **more):
    wish = Wish("Storm gusts", says, places, **more)
    return ask(wish, read_archive, asked_by_id=None, now=now)


def run(row, clock=None):
    """All turns, as the queue would give them; how many."""
    turns = 1
    clock = clock or Clock()
    while work(row.pk, clock=clock, archive=read_archive):
        turns += 1
    row.refresh_from_db()
    return turns


def results(row):
    return [read_result(stretch.result) for stretch in row.stretches.all()]
