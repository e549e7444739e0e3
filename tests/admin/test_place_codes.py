"""A place's page says in which of the authorities' areas it is."""

from __future__ import annotations

import pytest

from tests.factories import NOON, make_place
from weatherapp.models import Place, PlaceCode
from weatherapp.official.areas.coding import code_places

pytestmark = pytest.mark.django_db(transaction=True)


def read_page(client, place):
    page = client.get(f"/admin/weatherapp/place/{place.pk}/change/")
    assert page.status_code == 200
    return page.content.decode()


def test_its_codes_are_said_by_register(operator):
    place = make_place()
    code_places(now=NOON, is_time_up=lambda: False)

    assert "EMMA_ID: IE012; FIPS: EI07" in read_page(operator, place)


def test_none_is_said(operator):
    place = make_place(latitude=-33.87, longitude=151.2)
    code_places(now=NOON, is_time_up=lambda: False)

    assert "none that is known here" in read_page(operator, place)


def test_what_the_worker_has_not_done_yet_is_said(operator):
    place = make_place()
    assert "not looked up yet" in read_page(operator, place)

    code_places(now=NOON, is_time_up=lambda: False)
    Place.objects.filter(pk=place.pk).update(longitude=-8.0)

    page = read_page(operator, place)
    assert "it was moved: the worker looks them up again" in page
    assert "IE012" not in page


def test_the_form_for_a_new_place_opens(operator):
    assert operator.get("/admin/weatherapp/place/add/").status_code == 200


def test_they_cannot_be_typed(operator):
    place = make_place()
    page = read_page(operator, place)

    assert 'name="official_codes"' not in page
    assert not PlaceCode.objects.exists()
