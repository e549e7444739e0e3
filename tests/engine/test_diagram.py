"""The drawing of the states is that of the engine."""

from __future__ import annotations

from django.conf import settings

from weatherapp.alerting.engine.diagram import find_arrows
from weatherapp.alerting.engine.snapshot import CLOSED_STATES, OPEN_STATES, Reason, State
from weatherapp.management.commands.draw_states import make_page
from weatherapp.models import AlertState, ChangeReason, HeldState


def test_the_page_is_up_to_date():
    page = settings.BASE_DIR / "docs" / "alert-states.md"

    assert page.read_text() == make_page(), "run `python manage.py draw_states`"


def test_every_state_and_reason_is_reached():
    arrows = find_arrows()

    assert {arrow.new_state for arrow in arrows} == {state.value for state in State}
    assert {reason.value for reason in Reason} <= {arrow.label for arrow in arrows}


def test_what_is_over_stays_over():
    closed = {state.value for state in CLOSED_STATES}

    assert {arrow.new_state for arrow in find_arrows() if arrow.old_state in closed} == {"REARMING"}


def test_the_tables_know_the_engines_words():
    assert {*AlertState.values} == {state.value for state in (*OPEN_STATES, *CLOSED_STATES)}
    assert {*ChangeReason.values} == {reason.value for reason in Reason}
    assert {*HeldState.values} <= {state.value for state in State}
