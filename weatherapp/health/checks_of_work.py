"""What the tables tell, judged. Pure: a check is a function in CHECKS, facts in, findings out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from django.conf import settings

from weatherapp.health.facts import STANDS_STILL_AFTER, Work
from weatherapp.health.findings import Finding, Level, soften
from weatherapp.models.warning_source import POLLS_MISSED

# A long task may hold a worker for three minutes; then a tick comes late and nothing is wrong.
TICK_SLACK = timedelta(minutes=4)
# Of the ticks of each minute: all that stands behind them has stood still for as long.
TICKS_STOPPED_AFTER = timedelta(minutes=15)
# A start takes a minute until the first tick, and some more until all is caught up.
STARTING = timedelta(minutes=5)
# With thousands of places the first minutes of an hour are full of fetches.
PLACE_LATE_AFTER = timedelta(minutes=15)
# Each place is fetched once an hour; failed tries are repeated at least each half hour.
SOURCE_SILENT_AFTER = timedelta(hours=2)
# Mails leave within a minute; a failed one moves its own time on.
MAIL_LATE_AFTER = timedelta(minutes=10)
MAILS_STOPPED_AFTER = timedelta(hours=1)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
Check = Callable[[Work], Iterable[Finding]]


def check_ticks(work: Work) -> Iterator[Finding]:
    """What comes once an hour or a day serves readers of tomorrow: late, it is never failing."""
    for tick in work.ticks:
        every = timedelta(seconds=tick.every_s)
        age = work.age_of(tick.finished_at) or work.age_of(tick.started_at)
        if age is not None and age > every + max(every, TICK_SLACK):
            has_stopped = every <= MINUTE and age > TICKS_STOPPED_AFTER
            level = Level.FAILING if has_stopped else Level.DEGRADED
            yield Finding(level, "tick_late", {"tick": tick.name, "for_long": age})
        if tick.error:
            yield Finding(Level.DEGRADED, "tick_failed", {"tick": tick.name, "error": tick.error})


def check_first_tick(work: Work) -> Iterator[Finding]:
    if work.places and not work.ticks and work.up > STARTING:
        level = Level.FAILING if work.up > TICKS_STOPPED_AFTER else Level.DEGRADED
        yield Finding(level, "never_ticked", {"for_long": work.up})


def check_due_places(work: Work) -> Iterator[Finding]:
    """One place that hangs is degraded, most of them are the site."""
    age = work.age_of(work.oldest_due_at)
    if age is None or age <= PLACE_LATE_AFTER:
        return
    overdue = sum(source.overdue_places for source in work.sources)
    if 2 * overdue >= work.places:
        params = {"overdue": overdue, "places": work.places, "for_long": STANDS_STILL_AFTER}
        yield Finding(Level.FAILING, "places_stand_still", params)
    else:
        yield Finding(Level.DEGRADED, "places_overdue", {"for_long": age})


def check_failed_fetches(work: Work) -> Iterator[Finding]:
    if work.failed_places:
        params = {"failed": work.failed_places, "places": work.places}
        yield Finding(Level.DEGRADED, "fetch_failing", params)


def check_sources(work: Work) -> Iterator[Finding]:
    """One that never brought anything has no age: its failed fetches are told of.

    Where all places are fetched more rarely than hourly, silence begins as much later.
    """
    known = [
        (source, age)
        for source in work.sources
        if (age := work.age_of(source.fetched_at)) is not None
    ]
    silences = [age - (source.refresh_hours - 1) * HOUR for source, age in known]
    if known and len(known) == len(work.sources) and min(silences) > settings.PREDICTION_FRESH:
        ages = [age for _, age in known]
        yield Finding(Level.FAILING, "all_sources_silent", {"for_long": min(ages)})
        return
    for (source, age), silence in zip(known, silences, strict=True):
        if silence > SOURCE_SILENT_AFTER:
            params = {"source": source.name, "for_long": age}
            yield Finding(Level.DEGRADED, "source_silent", params)


def check_predictions(work: Work) -> Iterator[Finding]:
    """Nobody asks a predictor that has nothing to do: it is missed only where it was asked."""
    missed = work.age_of(work.missed_at)
    if missed is None:
        return
    silent = work.age_of(work.answered_at)
    if silent is not None and silent > settings.PREDICTION_FRESH:
        yield Finding(Level.FAILING, "predictions_stopped", {"for_long": silent})
    else:
        yield Finding(Level.DEGRADED, "predictions_missing", {"for_long": missed})


def check_mails(work: Work) -> Iterator[Finding]:
    due = {"mails_unsent": work.mail_due_at, "confirmations_unsent": work.confirmation_due_at}
    for code, at in due.items():
        age = work.age_of(at)
        if age is not None and age > MAIL_LATE_AFTER:
            level = Level.FAILING if age > MAILS_STOPPED_AFTER else Level.DEGRADED
            yield Finding(level, code, {"for_long": age})


def check_mail_server(work: Work) -> Iterator[Finding]:
    """What is owed waits; that it has waited too long, `check_mails` says."""
    if work.mail.is_open:
        yield Finding(Level.DEGRADED, "mail_server_left_alone", {"failures": work.mail.failures})
    if work.mail.failed_24h:
        yield Finding(Level.DEGRADED, "mails_given_up", {"count": work.mail.failed_24h})


def check_mqtt(work: Work) -> Iterator[Finding]:
    """One try that failed may be a restart of the broker."""
    if work.mqtt is not None and work.mqtt.failures > 1:
        problem = work.mqtt.last_error.partition(":")[0]  # the rest may name hosts
        params = {"failures": work.mqtt.failures, "error": problem}
        yield Finding(Level.DEGRADED, "mqtt_failing", params)


def check_warning_sources(work: Work) -> Iterator[Finding]:
    """They are other people's: one that is silent makes nothing of ours fail."""
    ages = [
        age
        for source in work.warning_sources
        if (age := work.age_of(source.succeeded_at)) is not None and age > source.longest_silence
    ]
    if ages:
        params = {"count": len(ages), "for_long": max(ages)}
        yield Finding(Level.DEGRADED, "warnings_silent", params)
    never = [
        source
        for source in work.warning_sources
        if source.succeeded_at is None and source.failures >= POLLS_MISSED
    ]
    if never:
        yield Finding(Level.DEGRADED, "warnings_never_came", {"count": len(never)})


def check_times(work: Work) -> Iterator[Finding]:
    if ahead := sum(source.places_ahead for source in work.sources):
        yield Finding(Level.DEGRADED, "times_ahead", {"count": ahead})


CHECKS: tuple[Check, ...] = (
    check_ticks,
    check_first_tick,
    check_due_places,
    check_failed_fetches,
    check_sources,
    check_predictions,
    check_mails,
    check_mail_server,
    check_mqtt,
    check_warning_sources,
    check_times,
)


def check_work(work: Work) -> list[Finding]:
    """While all is still starting, what looks as if it failed may only be late."""
    findings = [finding for check in CHECKS for finding in check(work)]
    return soften(findings) if work.up < STARTING else findings
