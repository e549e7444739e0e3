"""A place as short text: what authorities say comes first, and whether they are heard."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import NOON, make_place
from tests.official.feeds import make_source
from tests.pages.scenes import HOUR, make_live_place, make_raised_rule, make_replay_place
from weatherapp.models import OfficialEvent, OfficialPlace, OfficialWarning, Place, WarningSource

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
TEXTS = [
    {"language": "de-CH", "event": "Sturm"},
    {"language": "en-US", "event": "Orange wind warning", "headline": "Wind is coming"},
    {"language": "fr-FR", "headline": "Vent violent"},
]


def heard_source(**fields: Any) -> WarningSource:
    return make_source(**({"succeeded_at": NOON - 5 * MINUTE} | fields))


def warn(place: Place, source: WarningSource, **fields: Any) -> OfficialEvent:
    times = {"onset_at": NOON - HOUR, "ends_at": NOON + 6 * HOUR}
    common: dict[str, Any] = {"hazard": "WIND", "severity": "Severe"} | times
    said: dict[str, Any] = common | {name: fields[name] for name in common if name in fields}
    when = {"created_at": NOON, "changed_at": NOON}
    event = OfficialEvent.objects.create(
        warning=OfficialWarning.objects.create(**said, **when),
        source=source,
        **({"key": "a", "issuer": "Met Éireann", "sent_at": NOON, "texts": TEXTS} | said | fields),
        certainty="Likely",
        urgency="Expected",
        **when,
    )
    OfficialPlace.objects.create(event=event, place=place, since_at=NOON)
    return event


@pytest.fixture
def place() -> Place:
    return make_live_place(country="IE")


def read(client, place: Place, **parameters: str) -> list[str]:
    answer = client.get(f"/text/places/{place.pk}", parameters)
    client.cookies.clear()
    assert len(answer.content) <= 200
    lines: list[str] = answer.content.decode().splitlines()
    return lines


def test_an_official_warning_stands_before_the_sites_own_alert(client, place):
    make_raised_rule(place)
    warn(place, heard_source())

    assert read(client, place)[:5] == [
        "Dublin 12:00 UTC",
        "Official, Severe: Orange wind warning until 18:00",
        "By Met Éireann",
        "Minor: Rain soon until 15:00",
        "Not an official warning",
    ]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        pytest.param({"ends_at": None}, "Orange wind warning, end unknown", id="no end"),
        pytest.param(
            {"onset_at": NOON + HOUR}, "Orange wind warning from 13:00 to 18:00", id="to come"
        ),
        pytest.param(
            {"onset_at": NOON + 20 * HOUR, "ends_at": None},
            "Orange wind warning from Fri 08:00",
            id="to come, no end",
        ),
    ],
)
def test_when_it_holds(client, place, times, expected):
    warn(place, heard_source(), **times)

    assert read(client, place)[1] == f"Official, Severe: {expected}"


@pytest.mark.parametrize(
    ("language", "texts", "expected"),
    [
        pytest.param("fr", TEXTS, "Vent violent", id="the reader's language"),
        pytest.param("en", TEXTS[:1], "Sturm", id="another language where there is no other"),
        pytest.param("en", [], "Wind", id="the kind of weather where nothing is said"),
        pytest.param("en", [{"language": "en"}], "Wind", id="a text without a name"),
    ],
)
def test_it_is_named_as_its_issuer_does(client, place, language, texts, expected):
    warn(place, heard_source(), texts=texts)

    assert expected in read(client, place, lang=language)[1]


def test_of_several_the_gravest_is_told(client, place):
    source = heard_source()
    warn(place, source, key="a", severity="Minor")
    warn(place, source, key="b", severity="Extreme", texts=[{"event": "Tornado"}])

    lines = read(client, place)

    assert lines[1] == "Official, Extreme: Tornado until 18:00"
    assert "and 1 more official warning" in lines


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param(None, "No official source here", id="no source is on"),
        pytest.param({"countries": "CH"}, "No official source here", id="one of elsewhere"),
        pytest.param({}, "No official warnings", id="heard"),
        pytest.param(
            {"succeeded_at": NOON - 3 * HOUR}, "No official data since 09:00", id="silent"
        ),
        pytest.param({"succeeded_at": None}, "No official data yet", id="never heard"),
    ],
)
def test_without_a_warning_it_says_what_that_means(client, place, fields, expected):
    if fields is not None:
        heard_source(**fields)

    assert read(client, place)[1] == expected


def test_a_warning_of_a_source_that_is_silent_since_stands_and_that_is_said(client, place):
    warn(place, heard_source(succeeded_at=NOON - 3 * HOUR))

    lines = read(client, place)

    assert lines[1].startswith("Official, Severe: Orange wind warning")
    assert "No official data since 09:00" in lines


def test_what_is_over_or_elsewhere_is_not_told(client, place):
    source = heard_source()
    warn(place, source, key="a", ends_at=NOON - MINUTE)
    warn(make_place(name="Cork", country="IE"), source, key="b")

    assert read(client, place)[1] == "No official warnings"


def test_a_replay_is_not_mixed_with_what_authorities_say_today(client):
    place = make_replay_place()
    warn(place, heard_source(countries=""))

    assert not any("fficial" in line for line in read(client, place))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("ascii_only", ["", "1"])
def test_with_the_longest_names_and_all_that_can_be_missing_all_of_it_is_said(
    client, language, ascii_only
):
    place = make_place(name="é" * 80, country="IE", time_zone="Asia/Kathmandu")
    alert = make_raised_rule(place, name="ü" * 80)
    type(alert).objects.update(onset_at=NOON + 14 * HOUR, ends_at=NOON + 40 * HOUR)
    source = heard_source(succeeded_at=None)
    warn(
        place,
        source,
        issuer="ö" * 200,
        texts=[{"event": "ä" * 200}],
        onset_at=NOON + 20 * HOUR,
        ends_at=NOON + 70 * HOUR,
    )

    lines = read(client, place, lang=language, ascii=ascii_only)

    assert len(lines) >= 5
    assert "17:45 UTC+5:45" in lines[0]
    assert lines[1].count(":") == 3  # the severity's, and two times
    assert sum("6 h" in line for line in lines) == 1
    assert lines[-1] in ("No readings yet", "Aucune mesure pour le moment")
