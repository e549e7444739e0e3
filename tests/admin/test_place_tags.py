"""Many places get a tag at once, or lose it; the rules that look at it are applied."""

from __future__ import annotations

import pytest

from tests.admin.acting import act, choose, log_in_with
from tests.factories import make_place
from weatherapp.models import Place, Tag

pytestmark = pytest.mark.django_db(transaction=True)

PLACES = "/admin/weatherapp/place/"


def test_the_tag_is_asked_for_first(operator, broker):
    page = choose(operator, PLACES, "add_tag", make_place(), make_place(name="Cork"))

    text = page.content.decode()
    assert "2 places: Cork, Dublin." in text
    assert not Tag.objects.exists()


@pytest.mark.parametrize("tag", ["coast", "COAST"])
def test_places_get_a_tag_that_there_is(operator, broker, tag):
    coast = Tag.objects.create(name="coast")
    dublin, cork = make_place(), make_place(name="Cork")
    dublin.tags.add(coast)

    messages = act(operator, PLACES, "add_tag", dublin, cork, confirmed="yes", tag=tag)

    assert messages == ["Tagged “coast”: 1.", "The rules are being applied to them."]
    assert set(coast.tagged.all()) == {dublin, cork}
    assert broker.read_queue() == [("evaluate_places", {"place_ids": [cork.pk]})]


def test_a_new_tag_is_made(operator, broker):
    cork = make_place(name="Cork")

    act(operator, PLACES, "add_tag", cork, confirmed="yes", tag=" harbour ")

    assert [tag.name for tag in cork.tags.all()] == ["harbour"]


def test_places_lose_a_tag(operator, broker):
    coast, harbour = Tag.objects.create(name="coast"), Tag.objects.create(name="harbour")
    dublin, cork = make_place(), make_place(name="Cork")
    for place in (dublin, cork):
        place.tags.add(coast, harbour)

    messages = act(operator, PLACES, "remove_tag", dublin, confirmed="yes", tag=str(coast.pk))

    assert messages[0] == "No longer tagged “coast”: 1."
    assert list(dublin.tags.all()) == [harbour]
    assert set(cork.tags.all()) == {coast, harbour}
    assert broker.read_queue() == [("evaluate_places", {"place_ids": [dublin.pk]})]


@pytest.mark.parametrize("action", ["add_tag", "remove_tag"])
@pytest.mark.parametrize("tag", ["", "  ", "x" * 41])
def test_a_tag_that_cannot_be_is_refused(operator, broker, action, tag):
    page = choose(operator, PLACES, action, make_place(), confirmed="yes", tag=tag)

    assert "errorlist" in page.content.decode()
    assert not Tag.objects.exists()
    assert broker.read_queue() == []


def test_all_places_can_be_tagged_at_once(operator, broker):
    Place.objects.bulk_create(
        Place(name=f"Place {number:03}", latitude=1, longitude=1) for number in range(130)
    )
    first = Place.objects.first()

    page = choose(operator, PLACES, "add_tag", first, select_across="1")
    assert "130 places" in page.content.decode()
    act(operator, PLACES, "add_tag", first, select_across="1", confirmed="yes", tag="all")

    assert Tag.objects.get().tagged.count() == 130
    sizes = [len(arguments["place_ids"]) for _task, arguments in broker.read_queue()]
    assert sizes == [100, 30]


@pytest.mark.parametrize(
    ("changes", "queued"), [({"name": "Cork City"}, 0), ({"tags": True}, 1)], ids=["name", "tags"]
)
def test_a_places_new_tags_are_applied_at_once(operator, broker, changes, queued):
    coast, cork = Tag.objects.create(name="coast"), make_place(name="Cork")
    form = {
        "name": "Cork",
        "latitude": cork.latitude,
        "longitude": cork.longitude,
        "time_zone": cork.time_zone,
        "source": cork.source,
        "is_active": "on",
    } | (changes if "tags" not in changes else {"tags": [coast.pk]})

    operator.post(f"{PLACES}{cork.pk}/change/", form)

    assert len(broker.read_queue()) == queued


@pytest.mark.parametrize("action", ["add_tag", "remove_tag"])
def test_who_may_only_look_cannot_tag(broker, action):
    coast, cork = Tag.objects.create(name="coast"), make_place(name="Cork")
    if action == "remove_tag":
        cork.tags.add(coast)
    before = list(cork.tags.all())

    tag = str(coast.pk) if action == "remove_tag" else "coast"
    act(log_in_with("view_place"), PLACES, action, cork, confirmed="yes", tag=tag)

    assert list(cork.tags.all()) == before
