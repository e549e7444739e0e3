"""The authorities' warnings for programs: each danger once, with issuer, licence line and age."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.api.test_lists import read_all
from tests.factories import make_place
from tests.official.making import NOON, SQUARE, make_area, make_cap, make_info
from tests.official.stored import known_source, store
from weatherapp.models import OfficialEvent, OfficialWarning, Tag, WarningSource

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def then(clock):
    clock(NOON)


@pytest.fixture
def place():
    return make_place(name="Muri", latitude=47.5, longitude=8.5)


@pytest.fixture
def warning(place):
    source = known_source()
    store(source, make_cap("a", infos=[make_info(rest=make_area(polygon=SQUARE))]))
    WarningSource.objects.filter(pk=source.pk).update(succeeded_at=NOON)
    return OfficialWarning.objects.get()


def test_a_warning_comes_with_issuer_licence_line_texts_and_area(program, place, warning):
    told = program.get(f"/warnings/{warning.public_id}").json()
    (event,) = told["events"]

    assert (told["severity"], told["hazard"], told["places"]) == ("Moderate", "WIND", [place.pk])
    assert [one["reason"] for one in told["changes"]] == ["ISSUED"]
    source = WarningSource.objects.get()
    assert (event["issuer"], event["source"]) == ("The Office", source.key)
    assert (event["attribution"], event["licence"]) == (source.attribution, source.licence)
    assert (event["known_at"], event["is_source_silent"]) == ("2026-03-01T12:00:00Z", False)
    assert event["texts"][0]["headline"]
    assert event["shapes"][0]["polygons"][0][0] == [47.0, 8.0]
    assert event["identifiers"] == ["a"]
    assert told["page"] == f"http://testserver{warning.get_absolute_url()}"
    assert program.client.get(warning.get_absolute_url()).status_code == 200


def test_a_list_leaves_out_what_is_long(program, warning):
    (told,) = program.get("/warnings").json()["items"]

    assert told["id"] == str(warning.public_id)
    assert {"texts", "shapes", "identifiers"}.isdisjoint(told["events"][0])


def test_a_place_has_those_of_its_area_with_their_texts(program, place, warning):
    elsewhere = make_place(name="Cork", latitude=51.9, longitude=-8.5)

    (told,) = program.get(f"/places/{place.pk}/warnings").json()["items"]

    assert told["events"][0]["texts"][0]["headline"]
    assert program.get(f"/places/{elsewhere.pk}/warnings").json()["items"] == []


def test_a_source_that_is_not_heard_of_is_said_to_be_silent(program, place, warning):
    WarningSource.objects.update(succeeded_at=NOON - timedelta(days=1))

    (told,) = program.get(f"/places/{place.pk}/warnings").json()["items"]

    assert told["events"][0]["is_source_silent"] is True
    WarningSource.objects.update(succeeded_at=None)
    (told,) = program.get(f"/places/{place.pk}/warnings?limit=9").json()["items"]
    assert (told["events"][0]["is_source_silent"], told["events"][0]["known_at"]) == (True, None)


@pytest.mark.parametrize(
    ("onset_in", "ends_in", "ended", "phase"),
    [
        (-HOUR, HOUR, False, "IN_FORCE"),
        (-HOUR, None, False, "IN_FORCE"),
        (HOUR, 2 * HOUR, False, "FUTURE"),
        (-2 * HOUR, -HOUR, False, "ENDED"),  # it has run out, and nobody has noted it yet
        (-HOUR, HOUR, True, "ENDED"),
    ],
)
def test_each_is_in_one_phase(program, warning, onset_in, ends_in, ended, phase):
    times = {"onset_at": NOON + onset_in, "ends_at": None if ends_in is None else NOON + ends_in}
    because = {"ended_at": NOON, "ended_because": "CANCELLED"} if ended else {}
    OfficialWarning.objects.update(**times, **because)

    found = {
        wanted: [one["phase"] for one in program.get(f"/warnings?phase={wanted}").json()["items"]]
        for wanted in ("FUTURE", "IN_FORCE", "ENDED", "OPEN", "ALL")
    }

    assert found["ALL"] == [phase]
    assert found["OPEN"] == ([] if phase == "ENDED" else [phase])
    for one in ("FUTURE", "IN_FORCE", "ENDED"):
        assert found[one] == ([phase] if one == phase else [])


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("severity=Moderate", 1),
        ("severity=Severe", 0),
        ("severity=Unknown", 1),
        ("hazard=WIND", 1),
        ("hazard=FLOOD", 0),
        ("tag=alps", 1),
        ("tag=coast", 0),
        ("since=2026-03-01T12:00:00Z", 1),
        ("since=2026-03-01T12:00:01Z", 0),
    ],
)
def test_warnings_are_filtered(program, place, warning, query, count):
    place.tags.add(Tag.objects.create(name="Alps"))

    assert len(program.get(f"/warnings?{query}").json()["items"]) == count


def test_who_no_longer_warns_does_not_bring_a_warning_to_a_place(program, place, warning):
    OfficialEvent.objects.update(ended_at=NOON, ended_because="CANCELLED")

    assert program.get(f"/warnings?place={place.pk}").json()["items"] == []

    OfficialWarning.objects.update(ended_at=NOON, ended_because="CANCELLED")
    past = program.get(f"/places/{place.pk}/warnings?phase=ENDED").json()["items"]
    assert [one["ended_because"] for one in past] == ["CANCELLED"]


def test_pages_of_warnings_meet(program, place):
    source = known_source()
    for name in "abcde":
        store(source, make_cap(name, infos=[make_info(rest=make_area(polygon=SQUARE))]))
    count = OfficialWarning.objects.count()

    pages = read_all(program, "/warnings?limit=1")

    assert [len(page) for page in pages] == [1] * count


def test_nothing_has_changed(program, place, warning, django_assert_max_num_queries):
    for path in ("/warnings", f"/warnings/{warning.public_id}", f"/places/{place.pk}/warnings"):
        first = program.get(path)
        with django_assert_max_num_queries(2):
            again = program.get(path, **{"If-None-Match": first["ETag"]})
        assert again.status_code == 304
    OfficialWarning.objects.update(changed_at=NOON + HOUR)

    assert program.get("/warnings", **{"If-None-Match": first["ETag"]}).status_code == 200


def test_a_list_takes_no_query_for_each_row(program, place, django_assert_max_num_queries):
    source = known_source()
    for name in "abcdefgh":
        info = make_info(rest=make_area(polygon=SQUARE))
        store(source, make_cap(name, infos=[info]))

    for path in ("/warnings", f"/places/{place.pk}/warnings"):
        with django_assert_max_num_queries(6):
            assert program.get(path).status_code == 200
