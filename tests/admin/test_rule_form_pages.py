"""Around the form of a rule: preview, places, versions, who may, and what may be deleted."""

from __future__ import annotations

import pytest

from tests.admin.rule_forms import (
    ADD,
    NBSP,
    change_page,
    errors_of,
    gust_form,
    read_form,
)
from tests.factories import NOON, make_alert, make_place, make_rule, storm_gusts
from weatherapp.alerting.engine import wire
from weatherapp.alerting.installing import install_rules
from weatherapp.domain.conditions import Basis
from weatherapp.models import Place, Rule, Tag

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]


def test_the_sentence_can_be_read_before_it_is_stored(operator):
    answer = operator.post(ADD, gust_form(_preview="Show"))

    text = answer.content.decode().replace(NBSP, " ")
    assert "Not stored yet." in text
    assert "the highest wind gust forecast for the next 12 hours is 18.0 m/s (Moderate)" in text
    assert "Please correct" not in text
    assert 'value="29"' in text
    assert not Rule.objects.exists()


def test_a_preview_of_what_cannot_be_says_so(operator):
    answer = operator.post(ADD, gust_form(_preview="Show", rearm_minutes="-1"))

    assert "rearm_minutes" in errors_of(answer)
    assert "Not stored yet." not in answer.content.decode()


def test_places_are_chosen_by_name_however_it_is_spelt(operator):
    dublin, cork = make_place(), make_place(name="Cork")
    make_place(name="Galway")

    operator.post(ADD, gust_form(scope="PLACES", places="cork\r\n\r\n DUBLIN \r\ncork"))

    rule = Rule.objects.get()
    assert set(rule.places.all()) == {dublin, cork}
    assert read_form(operator.get(change_page(rule)))["places"] == "Cork\nDublin"


def test_places_that_may_have_been_meant_are_named(operator):
    for name in ("Cork", "Dublin Airport", "Dublin Port"):
        make_place(name=name)

    page = operator.post(ADD, gust_form(scope="PLACES", places="cork\ndublin"))

    (told,) = page.context["adminform"].form.errors["places"]
    assert told == (
        "There is no place with this name: dublin. Did you mean Dublin Airport, Dublin Port?"
    )
    assert not Rule.objects.exists()


def test_places_are_chosen_by_tag(operator):
    coast = Tag.objects.create(name="coast")

    operator.post(ADD, gust_form(scope="TAGS", tags=[coast.pk]))

    assert list(Rule.objects.get().tags.all()) == [coast]


def test_a_version_that_nobody_can_read_can_be_written_anew(operator):
    rule = make_rule(says=storm_gusts())
    rule.versions.update(definition={"conditions": "none"})
    page = operator.get(change_page(rule))
    assert "no version that can be read" in page.content.decode()
    assert "no version that can be read" in operator.get("/admin/weatherapp/rule/").content.decode()

    operator.post(change_page(rule), gust_form())

    assert rule.versions.latest().definition == wire.to_json(storm_gusts())


def test_versions_are_listed_with_who_wrote_them(operator):
    install_rules(now=NOON)
    rule = Rule.objects.get(key="gale")
    sent = read_form(operator.get(change_page(rule)))
    operator.post(change_page(rule), sent | {"condition-0-moderate_threshold": "18.5"})

    page = operator.get(change_page(rule))

    (newest, _says), (oldest, _before) = page.context["versions"]
    text = page.content.decode().replace(NBSP, " ")
    assert (newest.created_by.username, oldest.created_by) == ("operator", None)
    assert "18.5 m/s (Moderate)" in text
    assert "17.2 m/s (Moderate)" in text
    assert "edited here" in text
    assert "Back to the site&#x27;s own" in text or "Back to the site's own" in text


def test_every_field_has_a_label(operator):
    rule = make_rule(says=storm_gusts(basis=Basis.MEASURED))
    text = operator.get(change_page(rule)).content.decode()
    form = operator.get(change_page(rule)).context["adminform"].form

    for part in form.conditions:
        for field in part:
            if field.name != "codes":
                assert text.count(f'for="{field.id_for_label}"') == 1, field.html_name


def test_who_may_only_look_sees_the_sentence_and_no_form(operator):
    from tests.admin.acting import log_in_with

    rule = make_rule(says=storm_gusts())

    text = log_in_with("view_rule").get(change_page(rule)).content.decode().replace(NBSP, " ")

    assert "is 18.0 m/s (Moderate), 29.0 m/s (Severe) or more" in text
    assert "condition-0-" not in text
    assert "_preview" not in text


def test_a_rule_that_raised_alerts_is_not_deleted(operator):
    rule = make_rule(make_place())
    make_alert(rule)

    answer = operator.post(f"/admin/weatherapp/rule/{rule.pk}/delete/", {"post": "yes"})

    assert answer.status_code == 403
    assert Rule.objects.exists()


def test_a_rule_of_the_site_is_not_deleted(operator):
    install_rules(now=NOON)
    rule = Rule.objects.get(key="frost")

    answer = operator.post(f"/admin/weatherapp/rule/{rule.pk}/delete/", {"post": "yes"})

    assert answer.status_code == 403
    assert (
        "cannot be deleted: switch it off instead"
        in operator.get(change_page(rule)).content.decode()
    )
    assert Rule.objects.filter(key="frost").exists()


def test_a_rule_of_ones_own_that_never_spoke_is_deleted(operator):
    rule = make_rule(make_place())

    operator.post(f"/admin/weatherapp/rule/{rule.pk}/delete/", {"post": "yes"})

    assert not Rule.objects.exists()
    assert Place.objects.exists()
