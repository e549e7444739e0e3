"""A page that stays open: a new alert is in it, in its title and in what a screen reader says."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.polling import MINUTE_MS, shown_answer

RAISE = """
from django.utils import timezone
from tests.factories import make_alert
from weatherapp.models import AlertChange, Place, Rule
from weatherapp.models.alert import Alert
rule = Rule.objects.get(pk={rule})
alert = make_alert(rule, Place.objects.get(pk=2), severity="{severity}", raised_at=timezone.now())
"""


@pytest.fixture
def raise_alert(demo):
    """Of a rule that has none at the place."""

    def raise_one(severity):
        ((rule,),) = demo.query(
            "SELECT min(id) FROM weatherapp_rule WHERE id NOT IN (SELECT rule_id FROM "
            "weatherapp_alert WHERE place_id = 2 AND ended_at IS NULL)"
        )
        demo.command("shell", "-c", RAISE.format(rule=rule, severity=severity))

    return raise_one


@pytest.fixture
def open_page(page):
    """With a clock of the test's own: minutes pass at once."""
    page.clock.install()
    page.goto("/")
    return page


def test_a_new_severe_alert_is_said_at_once_and_marks_the_title(open_page, raise_alert):
    before = open_page.title()
    expect(open_page.locator("#announcements")).to_be_empty()
    raise_alert("Severe")

    with shown_answer(open_page):
        open_page.clock.run_for(MINUTE_MS + 1_000)

    expect(open_page).not_to_have_title(before)
    expect(open_page.locator("#urgent-announcements")).not_to_be_empty()


def test_what_has_the_focus_keeps_it(open_page, raise_alert):
    link = open_page.locator("main a[href*='/places/']").first
    link.focus()
    name = link.inner_text()
    raise_alert("Minor")

    with shown_answer(open_page):
        open_page.clock.run_for(MINUTE_MS + 1_000)

    assert open_page.evaluate("document.activeElement.textContent") == name
