"""How what the tables tell is judged, and said in words."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests import ROOT
from tests.factories import NOON
from weatherapp.delivery.mail_state import MailState
from weatherapp.display.durations import show_duration
from weatherapp.health import texts
from weatherapp.health.checks_of_work import check_work
from weatherapp.health.facts import SourceFacts, Work
from weatherapp.health.findings import Finding, Level, worst
from weatherapp.health.heartbeat import is_cycle_good
from weatherapp.models import TickRun

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def ago(delta: timedelta):
    return NOON - delta


def make_tick(name: str = "refresh_due_places", *, every=MINUTE, **ages: timedelta) -> TickRun:
    times = {field: NOON - age for field, age in ages.items()}
    return TickRun(name=name, every_s=every.total_seconds(), **({"started_at": NOON} | times))


def make_source(**fields) -> SourceFacts:
    usual = {
        "name": "open_meteo", "places": 4, "failed_places": 0, "overdue_places": 0,
        "places_ahead": 0, "oldest_due_at": None, "fetched_at": ago(20 * MINUTE),
    }  # fmt: skip
    return SourceFacts(**(usual | fields))


def make_work(**fields) -> Work:
    usual = {
        "now": NOON, "up": DAY, "sources": (make_source(),),
        "ticks": (make_tick(finished_at=MINUTE),), "waiting": 0, "answered_at": ago(20 * MINUTE),
        "missed_at": None, "mail_due_at": None, "confirmation_due_at": None, "mail": mail(),
    }  # fmt: skip
    return Work(**(usual | fields))


def mail(**fields) -> MailState:
    usual = {
        "is_open": False, "open_until": None, "failures": 0, "last_error": "",
        "last_failure_at": None, "last_success_at": None, "oldest_unsent_at": None, "unsent": 0,
        "failed_24h": 0,
    }  # fmt: skip
    return MailState(**(usual | fields))


def find(**fields) -> list[tuple[str, str]]:
    return [(finding.level.word, finding.code) for finding in check_work(make_work(**fields))]


def tick(**fields):
    return {"ticks": (make_tick(**fields),)}


def source(**fields):
    return {"sources": (make_source(**fields),)}


WELL = [
    pytest.param({}, id="all is done"),
    pytest.param({"sources": (), "ticks": ()}, id="no places, no ticks yet"),
    pytest.param({"ticks": (), "up": 4 * MINUTE}, id="just started"),
    pytest.param({"waiting": 900}, id="work to do"),
    pytest.param(tick(finished_at=5 * MINUTE), id="a tick behind a long task"),
    pytest.param(tick(every=DAY, finished_at=47 * HOUR), id="a daily tick"),
    pytest.param(tick(started_at=3 * MINUTE), id="a first tick that runs"),
    pytest.param(source(oldest_due_at=ago(14 * MINUTE)), id="the hour's fetches"),
    pytest.param(source(fetched_at=ago(119 * MINUTE)), id="a late source"),
    pytest.param(source(fetched_at=ago(419 * MINUTE), refresh_hours=6), id="a source of rare places"),
    pytest.param(source(fetched_at=None), id="places that were never fetched"),
    pytest.param({"answered_at": ago(9 * HOUR)}, id="a predictor that nobody asked"),
    pytest.param({"mail_due_at": ago(9 * MINUTE)}, id="a mail that is being sent"),
    # Times in the future: a clock was wrong, and nobody knows how old they are.
    pytest.param(tick(started_at=-HOUR, finished_at=-HOUR), id="a tick from the future"),
    pytest.param({"mail_due_at": ago(-HOUR)}, id="a mail from the future"),
]  # fmt: skip


@pytest.mark.parametrize("fields", WELL)
def test_what_is_done_in_time_is_well(fields):
    assert find(**fields) == []


@pytest.mark.parametrize(
    ("fields", "level", "code"),
    [
        pytest.param(tick(finished_at=6 * MINUTE), "degraded", "tick_late", id="a tick is late"),
        pytest.param(tick(finished_at=16 * MINUTE), "failing", "tick_late", id="ticks stopped"),
        pytest.param(tick(started_at=16 * MINUTE), "failing", "tick_late", id="never finished"),
        pytest.param(
            tick(finished_at=16 * MINUTE, started_at=timedelta(0)),
            "failing", "tick_late", id="begun each minute, never done",
        ),
        pytest.param(
            tick(every=HOUR, finished_at=3 * HOUR), "degraded", "tick_late", id="the hourly tick"
        ),
        pytest.param(
            tick(every=DAY, finished_at=9 * DAY), "degraded", "tick_late", id="the daily tick"
        ),
        pytest.param(
            {"ticks": (), "up": 6 * MINUTE}, "degraded", "never_ticked", id="no tick yet"
        ),
        pytest.param(
            {"ticks": (), "up": 16 * MINUTE}, "failing", "never_ticked", id="never a tick"
        ),
        pytest.param(
            source(oldest_due_at=ago(2 * HOUR), overdue_places=1),
            "degraded", "places_overdue", id="one place hangs",
        ),
        pytest.param(
            source(oldest_due_at=ago(2 * HOUR), overdue_places=2),
            "failing", "places_stand_still", id="half of the places hang",
        ),
        pytest.param(source(failed_places=1), "degraded", "fetch_failing", id="a fetch fails"),
        pytest.param(
            {"sources": (make_source(), make_source(name="replay", fetched_at=ago(3 * HOUR)))},
            "degraded", "source_silent", id="one source is silent",
        ),
        pytest.param(
            source(fetched_at=ago(9 * HOUR), refresh_hours=6),
            "failing", "all_sources_silent", id="a source of rare places is silent",
        ),
        pytest.param(
            {"sources": (make_source(fetched_at=ago(4 * HOUR)), make_source(fetched_at=ago(DAY)))},
            "failing", "all_sources_silent", id="all sources are silent",
        ),
        pytest.param(
            {"mail": mail(is_open=True, failures=3)},
            "degraded", "mail_server_left_alone", id="the mail server fails",
        ),
        pytest.param(
            {"mail": mail(failed_24h=2)}, "degraded", "mails_given_up", id="mails were given up"
        ),
        pytest.param(
            {"missed_at": ago(6 * MINUTE)}, "degraded", "predictions_missing", id="no answer"
        ),
        pytest.param(
            {"missed_at": ago(6 * MINUTE), "answered_at": None},
            "degraded", "predictions_missing", id="never an answer",
        ),
        pytest.param(
            {"missed_at": ago(HOUR), "answered_at": ago(4 * HOUR)},
            "failing", "predictions_stopped", id="no answer for hours",
        ),
        pytest.param(
            {"mail_due_at": ago(11 * MINUTE)}, "degraded", "mails_unsent", id="a mail is late"
        ),
        pytest.param(
            {"mail_due_at": ago(2 * HOUR)}, "failing", "mails_unsent", id="mails do not leave"
        ),
        pytest.param(
            {"confirmation_due_at": ago(11 * MINUTE)},
            "degraded", "confirmations_unsent", id="a confirmation is late",
        ),
        pytest.param(source(places_ahead=3), "degraded", "times_ahead", id="a clock was ahead"),
    ],
)  # fmt: skip
def test_what_is_late_is_found_by_name(fields, level, code):
    assert find(**fields) == [(level, code)]


def test_a_failed_tick_is_told_of_until_it_goes_well():
    tick = make_tick(finished_at=MINUTE, failed_at=timedelta(0))
    tick.error = "OperationalError"

    (finding,) = check_work(make_work(ticks=(tick,)))

    assert texts.describe(finding) == (
        "“refresh_due_places” failed the last time it was tried (OperationalError)."
    )


def test_the_day_of_the_frozen_worker():
    """Eight minutes without a tick, every place two hours overdue: it was called ok."""
    work = make_work(
        sources=(make_source(oldest_due_at=ago(2 * HOUR), overdue_places=4),),
        ticks=(make_tick(finished_at=8 * MINUTE),),
    )

    findings = check_work(work)

    assert worst(findings) == Level.FAILING
    assert [texts.describe(finding) for finding in findings] == [
        "“refresh_due_places” was last done 8 minutes ago. Are beat and worker running, and free?",
        "4 of 4 places have waited more than 60 minutes for their weather to be fetched.",
    ]


def test_while_all_is_starting_nothing_is_failing():
    long_ago = {"ticks": (make_tick(finished_at=DAY),), "mail_due_at": ago(DAY)}

    assert {level for level, _ in find(up=MINUTE, **long_ago)} == {"degraded"}
    assert {level for level, _ in find(up=HOUR, **long_ago)} == {"failing"}


CODES = (
    "database_down", "redis_down", "never_ticked", "tick_late", "tick_failed", "places_overdue",
    "places_stand_still", "fetch_failing", "source_silent", "all_sources_silent",
    "predictions_missing", "predictions_stopped", "mails_unsent", "confirmations_unsent",
    "mail_server_left_alone", "mails_given_up", "times_ahead", "messages_rejected",
    "process_silent", "process_missing", "process_memory", "clocks_differ", "warnings_silent",
    "warnings_never_came", "mqtt_failing",
)  # fmt: skip


def test_the_codes_are_all_that_can_be_found():
    modules = [*(ROOT / "weatherapp/health").glob("*.py"), ROOT / "weatherapp/operations/health.py"]
    found = re.findall(
        r'(?:Finding\(\s*(?:Level\.\w+|level), |^    due = .*?)"(\w+)"(?:.*?"(\w+)": work\.conf)?',
        "\n".join(module.read_text() for module in modules),
        re.M,
    )

    assert {code for codes in found for code in codes if code} == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_each_finding_has_a_sentence(code):
    counts = dict.fromkeys(("overdue", "places", "failed", "count", "failures"), 3)
    names = dict.fromkeys(("tick", "error", "source", "process", "ahead", "behind"), "it's")
    params = counts | names | {"for_long": 3 * HOUR, "percent": 101.6}

    text = texts.describe(Finding(Level.DEGRADED, code, params))

    assert text[0].isupper() or text[0] in "“3"
    assert text.endswith((".", "?"))
    assert "{" not in text
    assert "&" not in text  # plain text, though a template made it
    assert not re.search(r" [ .,:;]|\(\)|“”", text)  # nothing that was to stand in it is missing


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-5), "0 seconds"),
        (timedelta(seconds=90), "90 seconds"),
        (90 * MINUTE, "90 minutes"),
        (47 * HOUR, "47 hours"),
        (50 * HOUR, "2 days"),
    ],
)
def test_ages_in_words(age, words):
    assert show_duration(age) == words


# The heartbeat


@pytest.mark.parametrize("fields", WELL)
def test_a_cycle_in_which_all_was_done_is_good(fields):
    assert is_cycle_good(make_work(**fields))


@pytest.mark.parametrize(
    ("fields", "is_good"),
    [
        pytest.param(source(oldest_due_at=ago(HOUR)), False, id="a place is overdue"),
        pytest.param(tick(finished_at=6 * MINUTE), False, id="a tick is late"),
        pytest.param({"missed_at": ago(6 * MINUTE)}, False, id="no answer"),
        pytest.param({"mail_due_at": ago(HOUR)}, False, id="a mail is not sent"),
        pytest.param(source(failed_places=1), True, id="one place's source says no"),
        pytest.param(
            tick(name="ping_heartbeat", finished_at=DAY), True, id="its own last ping is a day ago"
        ),
    ],
)
def test_a_cycle_in_which_something_was_left_undone_is_not_good(fields, is_good):
    assert is_cycle_good(make_work(**fields)) is is_good
