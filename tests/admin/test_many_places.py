"""No list or form of the admin lists all places: each is searched by the place's name instead."""

import pytest
from django.contrib import admin
from django.db.models import ForeignKey, ManyToManyField

from tests.factories import make_place, make_readings, make_subscription
from weatherapp.models import Place

pytestmark = pytest.mark.django_db
ADMINS = [pytest.param(one, id=one.__class__.__name__) for one in admin.site._registry.values()]


def leads_to_places(model, path):
    """Whether the last step of a filter's path is a place itself."""
    field = None
    for name in path.split("__"):
        field = model._meta.get_field(name)
        model = field.related_model or model
    return field.related_model is Place


@pytest.mark.parametrize("one", ADMINS)
def test_no_filter_lists_places(one):
    names = [name[0] if isinstance(name, tuple) else name for name in one.list_filter]

    assert not [
        name for name in names if isinstance(name, str) and leads_to_places(one.model, name)
    ]


@pytest.mark.parametrize("one", ADMINS)
def test_what_shows_its_place_is_found_by_its_name(one):
    if "place" in one.list_display:
        assert any(name.endswith("place__name") for name in one.search_fields)


@pytest.mark.parametrize("one", ADMINS)
def test_no_form_offers_all_places_to_choose_from(one, rf, admin_user):
    request = rf.get("/")
    request.user = admin_user
    if not one.has_add_permission(request) and not one.has_change_permission(request):
        return
    fields = one.get_form(request).base_fields
    of_places = [
        field.name
        for field in one.model._meta.get_fields()
        if isinstance(field, ForeignKey | ManyToManyField) and field.related_model is Place
    ]

    assert not [
        name for name in of_places if name in fields and hasattr(fields[name].widget, "choices")
    ]


@pytest.mark.parametrize("table", ["reading", "subscription"])
def test_rows_are_found_by_their_places_name(admin_client, table):
    for name in ("Dublin", "Cork"):
        place = make_place(name=name)
        make_readings(place, hours=1)
        make_subscription(place)

    page = admin_client.get(f"/admin/weatherapp/{table}/", {"q": "dubl"})

    assert len(page.context["cl"].result_list) == 1
