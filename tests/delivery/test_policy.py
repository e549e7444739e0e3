"""What becomes of a mail that is owed: pure."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weatherapp.delivery.policy import Decision, Facts, Patience, Told, decide
from weatherapp.models import DropReason

HOUR = timedelta(hours=1)
MOMENT = timedelta(seconds=1)
PATIENCE = Patience(raised=6 * HOUR, over=24 * HOUR)


def make_facts(*, is_raise: bool, **fields) -> Facts:
    defaults = {"is_wanted": True, "is_over": not is_raise, "age": MOMENT, "told": Told.NO}
    return Facts(is_raise=is_raise, **(defaults | fields))


@pytest.mark.parametrize(
    ("fields", "decision"),
    [
        pytest.param({}, Decision.SEND, id="fresh"),
        pytest.param({"age": 6 * HOUR}, Decision.SEND, id="just in time"),
        pytest.param({"age": 6 * HOUR + MOMENT}, Decision.OUTDATED, id="too old"),
        pytest.param({"age": -HOUR}, Decision.SEND, id="a clock was set back"),
        pytest.param({"is_over": True}, Decision.OVERTAKEN, id="over by now"),
        pytest.param({"is_wanted": False}, Decision.UNWANTED, id="unsubscribed"),
    ],
)
def test_raise(fields, decision):
    assert decide(make_facts(is_raise=True, **fields), PATIENCE) is decision


@pytest.mark.parametrize(
    ("fields", "decision"),
    [
        pytest.param({"told": Told.YES}, Decision.SEND, id="who heard of it"),
        pytest.param({"told": Told.MAYBE}, Decision.SEND, id="who perhaps did"),
        pytest.param({"told": Told.NO}, Decision.UNHEARD, id="who did not"),
        pytest.param({"told": Told.IN_HAND}, Decision.WAIT, id="who is being told"),
        pytest.param({"told": Told.YES, "age": 24 * HOUR}, Decision.SEND, id="just in time"),
        pytest.param({"told": Told.YES, "age": 25 * HOUR}, Decision.OUTDATED, id="too old"),
        pytest.param(
            {"told": Told.IN_HAND, "age": 25 * HOUR}, Decision.OUTDATED, id="no endless wait"
        ),
        pytest.param({"told": Told.YES, "is_wanted": False}, Decision.UNWANTED, id="unsubscribed"),
    ],
)
def test_end(fields, decision):
    assert decide(make_facts(is_raise=False, **fields), PATIENCE) is decision


def test_every_reason_to_drop_can_be_stored():
    assert set(Decision) - {Decision.SEND, Decision.WAIT} == set(DropReason.values)


class Person:
    """A mailbox, and the two mails that one alert may owe it, as the rows hold them."""

    def __init__(self) -> None:
        self.mailbox: list[str] = []
        self.hours = 0
        self.over_at: int | None = None
        self.is_wanted = True
        self.pending = {"raised"}
        self.told = Told.NO

    def end(self) -> None:
        if self.over_at is None:
            self.over_at = self.hours
            self.pending.add("over")

    def leave(self) -> None:
        self.is_wanted = False

    def pass_hours(self, hours: int) -> None:
        self.hours += hours

    def send(self, kind: str, outcome: str) -> None:
        """What a worker does with one row; `outcome` is the mail server's."""
        if kind not in self.pending:
            return
        decision = decide(self.look(kind), PATIENCE)
        if decision is Decision.WAIT:
            return
        if decision is not Decision.SEND:
            self.pending.remove(kind)
            return
        if outcome in ("yes", "yes, but nobody heard it"):
            self.mailbox.append(kind)
        if outcome in ("yes", "never"):
            self.pending.remove(kind)
        if kind == "raised" and outcome != "later":
            self.told = {"yes": Told.YES, "never": self.told}.get(outcome, Told.MAYBE)

    def look(self, kind: str) -> Facts:
        since = 0 if kind == "raised" else self.over_at or 0
        return Facts(
            is_raise=kind == "raised",
            is_wanted=self.is_wanted,
            is_over=self.over_at is not None,
            age=(self.hours - since) * HOUR,
            told=self.told,
        )


OUTCOMES = ("yes", "later", "never", "yes, but nobody heard it", "no, and nobody heard it")
STEPS = st.one_of(
    st.builds(
        lambda kind, outcome: ("send", kind, outcome),
        st.sampled_from(["raised", "over"]),
        st.sampled_from(OUTCOMES),
    ),
    st.just(("end",)),
    st.just(("leave",)),
    st.integers(1, 30).map(lambda hours: ("pass_hours", hours)),
)


@given(st.lists(STEPS, max_size=30))
def test_nobody_hears_of_the_end_first_or_alone(steps):
    person = Person()
    answered = True
    for name, *arguments in steps:
        getattr(person, name)(*arguments)
        answered = answered and arguments[1:] != ["no, and nobody heard it"]

    mailbox = person.mailbox
    if "over" in mailbox:
        assert "raised" not in mailbox[mailbox.index("over") :]
        assert "raised" in mailbox or not answered, "only where nobody could know"
