from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.factories import NOON, make_place, make_scene
from tests.together import do_at_once
from weatherapp.models import Place

LEASE = timedelta(minutes=5)


def claim(now=NOON, limit=100):
    return Place.objects.claim_due(now=now, lease=LEASE, limit=limit)


@pytest.mark.django_db
def test_due_places_are_claimed_once_and_free_again_after_the_lease():
    new = make_place(name="new")
    due = make_place(name="due", next_refresh_at=NOON)
    make_place(name="later", next_refresh_at=NOON + timedelta(seconds=1))
    make_place(name="off", is_active=False)

    assert set(claim()) == {new.pk, due.pk}
    assert claim() == []
    assert set(claim(NOON + LEASE)) >= {new.pk, due.pk}


@pytest.mark.django_db
def test_places_of_one_cell_come_along_before_they_are_due():
    hour = timedelta(hours=1)
    here = {"cell": "here", "fetched_at": NOON - hour, "next_refresh_at": NOON + hour}
    due = make_place(name="due", **here | {"next_refresh_at": NOON})
    mate = make_place(name="mate", **here)
    make_place(name="elsewhere", **here | {"cell": "there"})
    make_place(name="waits after a failure", **here, fetch_failures=1)
    make_place(name="has this hour", **here | {"fetched_at": NOON})
    make_place(name="held", **here, claimed_until=NOON + LEASE)
    make_place(name="off", **here, is_active=False)

    assert claim() == [due.pk, mate.pk]
    assert claim() == []


@pytest.mark.django_db
def test_places_of_no_cell_have_none_in_common():
    due = make_place(name="due", fetched_at=NOON - timedelta(hours=1))
    make_place(name="another", fetched_at=NOON - timedelta(hours=1), next_refresh_at=NOON + LEASE)

    assert claim() == [due.pk]


@pytest.mark.django_db
def test_a_claim_is_bounded_and_takes_the_longest_waiting_first():
    late, later = (
        make_place(name=name, next_refresh_at=NOON - timedelta(minutes=minutes))
        for name, minutes in (("late", 1), ("later", 2))
    )

    assert claim(limit=1) == [later.pk]
    assert claim(limit=1) == [late.pk]


def claim_young(now=NOON, limit=10):
    return Place.objects.claim_young(now=now, pause=timedelta(hours=1), limit=limit)


@pytest.mark.django_db
def test_a_place_without_its_past_is_claimed_once_an_hour():
    young = make_place(fetched_at=NOON)

    assert claim_young() == [young.pk]
    assert claim_young(NOON + timedelta(minutes=59)) == []
    assert claim_young(NOON + timedelta(hours=1)) == [young.pk]


@pytest.mark.django_db
def test_only_active_places_that_bring_readings_are_asked_for_their_past():
    for name, fields in {
        "filled": {"backfilled_at": NOON},
        "off": {"is_active": False},
        "never fetched": {"fetched_at": None},
        "failing": {"fetch_failures": 1},
        "waiting": {"next_backfill_at": NOON + timedelta(seconds=1)},
    }.items():
        make_place(name=name, **({"fetched_at": NOON} | fields))

    assert claim_young() == []


@pytest.mark.django_db
def test_few_are_claimed_at_once():
    ids = [make_place(name=str(number), fetched_at=NOON).pk for number in range(3)]

    assert claim_young(limit=2) == ids[:2]
    assert claim_young(limit=2) == ids[2:]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "is_unmoved"),
    [
        ({"name": "Baile Átha Cliath"}, True),
        ({"latitude": 53.36}, False),
        ({"longitude": -6.25}, False),
        ({"source": "replay"}, False),
        ({"station": "JFK"}, False),
    ],
)
def test_a_place_that_moved_since_it_was_read_is_known(changes, is_unmoved):
    place = make_place()
    Place.objects.filter(pk=place.pk).update(**changes)

    with transaction.atomic():
        assert Place.objects.hold_unmoved(place) is is_unmoved


@pytest.mark.django_db(transaction=True)
def test_claims_at_the_same_time_never_take_a_place_twice():
    for number in range(40):
        make_place(name=f"place {number}")

    claims = do_at_once(*[lambda: [claim(limit=3) for _ in range(6)]] * 4)

    taken = [place_id for each in claims for some in each for place_id in some]
    assert len(taken) == len(set(taken))
    assert set(taken) | set(claim()) == set(Place.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("latitude", 91, "less than or equal to 90"),
        ("longitude", -181, "greater than or equal to -180"),
        ("time_zone", "Mars/Olympus", "is no time zone"),
        ("source", "crystal_ball", "not a valid choice"),
    ],
)
def test_a_place_that_cannot_be_is_refused_by_name(field, value, says):
    place = Place(**({"name": "x", "latitude": 0, "longitude": 0} | {field: value}))

    with pytest.raises(ValidationError) as refused:
        place.clean_fields()

    assert list(refused.value.message_dict) == [field]
    assert says in refused.value.message_dict[field][0]


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{"latitude": 90.5}, {"longitude": 180.5}])
def test_the_database_refuses_coordinates_outside_the_globe(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_place(**values)


@pytest.mark.django_db
def test_the_clock_of_a_replay_is_the_scenes_and_of_others_the_real_one():
    make_scene(anchor_real_at=NOON, anchor_scene_at=NOON - timedelta(days=4000))
    hour = timedelta(hours=1)

    assert make_place(name="real").clock(NOON + hour) == NOON + hour
    replay = make_place(name="replay", source="replay")
    assert replay.clock(NOON + hour) == NOON - timedelta(days=4000) + hour


@pytest.mark.django_db
def test_a_place_without_a_source_of_its_own_takes_the_sites(settings):
    settings.WEATHER_SOURCE = "replay"
    assert make_place(source="").is_replay

    settings.WEATHER_SOURCE = "open_meteo"
    assert not Place.objects.get().is_replay
