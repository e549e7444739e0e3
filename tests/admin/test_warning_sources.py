"""An operator's work with the sources of official warnings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_place
from tests.official.feeds import make_source
from weatherapp.models import PollProblem, SourceState, WarningSource
from weatherapp.official.catalogue import read_catalogue

pytestmark = pytest.mark.django_db
LIST = "admin:weatherapp_warningsource_changelist"
IRISH = "ie-met-en"


def act(operator, action, *keys):
    rows = WarningSource.objects.filter(key__in=keys)
    form = {"action": action, "_selected_action": [row.pk for row in rows]}
    answer = operator.post(reverse(LIST), form, follow=True)
    return [str(message) for message in answer.context["messages"]]


def state_of(key):
    return WarningSource.objects.get(key=key).state


def test_the_list_holds_the_catalogue_and_says_what_is_suggested(operator, settings):
    settings.WEATHER_SOURCE, settings.WARNING_SOURCES_SUGGESTED = "open_meteo", True
    make_place(country="IE")
    page = operator.get(reverse(LIST))

    assert page.context["cl"].result_count == len(read_catalogue())
    assert "1 source is suggested for the countries of your places." in page.content.decode()
    assert page.context["cl"].result_list[0].key == IRISH
    suggested = operator.get(reverse(LIST), {"state__exact": "suggested"})
    assert [row.key for row in suggested.context["cl"].result_list] == [IRISH]


def test_the_list_costs_no_more_for_more_places(operator, django_assert_max_num_queries):
    operator.get(reverse(LIST))
    for number in range(12):
        make_place(name=f"Place {number}", country="IE")

    with django_assert_max_num_queries(14):
        operator.get(reverse(LIST), {"covers": "places"})


def test_the_list_is_narrowed_to_the_places_countries(operator):
    operator.get(reverse(LIST))
    make_place(country="GU")
    page = operator.get(reverse(LIST), {"covers": "places"})

    assert [row.key for row in page.context["cl"].result_list] == ["us-nws"]


def test_a_source_is_switched_on_and_off(operator):
    operator.get(reverse(LIST))
    assert act(operator, "switch_on", IRISH) == ["1 source is switched on."]
    assert state_of(IRISH) == SourceState.ON
    assert act(operator, "switch_off", IRISH) == ["1 source is switched off."]
    assert state_of(IRISH) == SourceState.OFF


def test_switching_on_says_whose_terms_are_not_known(operator):
    operator.get(reverse(LIST))

    told = act(operator, "switch_on", "za-saws-en", "zm-zmd-en", IRISH)
    assert told[0] == "3 sources are switched on."
    assert told[1].startswith("The terms of 2 of them are not known here:")


def test_a_poll_as_a_test_is_queued_once(operator, broker, django_capture_on_commit_callbacks):
    source = make_source(state=SourceState.OFF)
    with django_capture_on_commit_callbacks(execute=True):
        act(operator, "poll_now", source.key)
        told = act(operator, "poll_now", source.key)

    ((task, arguments),) = broker.read_queue()
    source.refresh_from_db()
    assert (task, arguments["source_id"]) == ("poll_source", source.pk)
    assert arguments["claim"] == source.claimed_until.isoformat()
    assert told[0].startswith("It is being asked already: Met Office of Nowhere")


def test_the_list_says_why_the_last_poll_failed(operator):
    now = timezone.now()
    make_source(
        problem=PollProblem.TRUNCATED,
        problem_words="cut at <b>",
        failures=2,
        polled_at=now - timedelta(minutes=5),
        succeeded_at=now - timedelta(hours=3),
    )
    page = operator.get(reverse(LIST)).content.decode()

    assert (
        "5 minutes ago: the answer was cut off (cut at &lt;b&gt;)".replace(
            "5 minutes", "5\xa0minutes"
        )
        in page
    )
    assert "3\xa0hours ago" in page


def test_a_catalogues_source_can_be_moved_and_nothing_else_of_it_changed(operator):
    operator.get(reverse(LIST))
    WarningSource.objects.filter(key=IRISH).update(etag='"1"', state=SourceState.ON)
    row = WarningSource.objects.get(key=IRISH)
    address = reverse("admin:weatherapp_warningsource_change", args=[row.pk])
    form = {
        "issuer": "Somebody else",
        "state": "on",
        "own_address": "https://moved.example.org/cap",
        "own_interval_s": "120",
        "most_mb": "32",
    }
    assert operator.post(address, form).status_code == 302

    moved = WarningSource.objects.get(key=IRISH)
    assert moved.issuer == row.issuer
    assert (moved.asked_address, moved.etag) == ("https://moved.example.org/cap", "")
    assert moved.asked_every == timedelta(minutes=2)


OWN = {
    "issuer": "County of Nowhere",
    "key": "xx-county",
    "countries": "ie, gb",
    "language": "en",
    "state": "on",
    "kind": "cap_feed",
    "address": "https://county.example.org/feed",
    "interval_s": "300",
    "most_mb": "8",
    "licence": "unknown",
    "attribution": "Source: County of Nowhere",
}


def test_an_operator_adds_a_source_of_their_own(operator):
    answer = operator.post(reverse("admin:weatherapp_warningsource_add"), OWN)

    assert answer.status_code == 302
    row = WarningSource.objects.get(key="xx-county")
    assert (row.is_own, row.countries, row.state) == (True, "IE GB", SourceState.ON)
    assert list(WarningSource.objects.due(timezone.now())) == [row]


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "Not a key"},
        {"countries": "XX"},
        {"address": "ftp://county.example.org/feed"},
        {"address": "county"},
        {"interval_s": "5"},
        {"interval_s": "90000"},
        {"most_mb": "0"},
        {"most_mb": "5000"},
        {"kind": "rss"},
        {"state": "suggested"},
        {"attribution": ""},
    ],
    ids=lambda wrong: "{0[0]}={0[1]}".format(*wrong.items()),
)
def test_a_wrong_source_is_refused_at_its_field(operator, wrong):
    answer = operator.post(reverse("admin:weatherapp_warningsource_add"), OWN | wrong)

    assert list(answer.context["adminform"].form.errors) == list(wrong)
    assert not WarningSource.objects.filter(issuer="County of Nowhere").exists()


def test_only_ones_own_sources_can_be_deleted(operator):
    operator.get(reverse(LIST))
    own = make_source()
    pages = {
        row.key: operator.get(reverse("admin:weatherapp_warningsource_delete", args=[row.pk]))
        for row in (own, WarningSource.objects.get(key=IRISH))
    }

    assert pages[own.key].status_code == 200
    assert pages[IRISH].status_code == 403


def test_who_may_not_see_the_sources_does_not(guest):
    assert guest.get(reverse(LIST)).status_code == 403
    assert not WarningSource.objects.exists()
