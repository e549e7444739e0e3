"""Findings in plain words: the one place where they are made."""

from __future__ import annotations

from datetime import timedelta

from weatherapp.health.findings import Finding

TEXTS = {
    "database_down": "The database does not answer: no page can be shown.",
    "redis_down": "Redis does not answer: nothing is fetched, predicted or sent.",
    "never_ticked": "Nothing was done since this process started {for_long} ago. "
    "Are beat and worker running?",
    "tick_late": "“{tick}” was last done {for_long} ago. Are beat and worker running, and free?",
    "tick_failed": "“{tick}” failed the last time it was tried ({error}).",
    "places_overdue": "A place has waited {for_long} for its weather to be fetched.",
    "places_stand_still": "{overdue} of {places} places have waited more than {for_long} for their "
    "weather to be fetched.",
    "fetch_failing": "The last fetch failed at {failed} of {places} places.",
    "source_silent": "No weather came from {source} for {for_long}.",
    "all_sources_silent": "No weather came from any source for {for_long}: readers see old weather.",
    "predictions_missing": "The predictor does not answer: a question has waited {for_long}.",
    "predictions_stopped": "The predictor has not answered for {for_long}: rules have no data.",
    "mails_unsent": "A mail to a subscriber was due {for_long} ago and is not sent.",
    "confirmations_unsent": "A new subscriber's confirmation mail was due {for_long} ago and is not "
    "sent.",
    "mail_server_left_alone": "The mail server failed {failures} times in a row and is left alone "
    "for a while; what is owed waits.",
    "mails_given_up": "{count} mails about alerts were given up in the last 24 hours.",
    "times_ahead": "{count} places have times in the future: a clock was wrong. "
    "They are put right within minutes.",
    "messages_rejected": "{count} messages could not be worked on and were kept aside: see "
    "`manage.py poisoned`.",
    "process_silent": "No {process} has reported for {for_long}.",
    "process_missing": "No {process} has reported.",
    "process_memory": "A {process} uses {percent} % of its memory.",
    "clocks_differ": "The clock of {ahead} is {for_long} ahead of that of {behind}.",
}


def describe(finding: Finding) -> str:
    words = {name: _in_words(value) for name, value in finding.params.items()}
    return TEXTS[finding.code].format_map(words)


def _in_words(value: object) -> object:
    return describe_age(value) if isinstance(value, timedelta) else value


def describe_age(age: timedelta) -> str:
    """In the largest unit of which there are at least two: 90 minutes, 3 hours."""
    for unit, name in (
        (timedelta(days=1), "days"),
        (timedelta(hours=1), "hours"),
        (timedelta(minutes=1), "minutes"),
    ):
        if age >= 2 * unit:
            return f"{age // unit} {name}"
    return f"{max(age // timedelta(seconds=1), 0)} seconds"
