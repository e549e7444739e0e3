"""What becomes of a mail that is owed: pure."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weatherapp.delivery.policy import Decision, Facts, Patience, Told, decide
from weatherapp.models import DropReason

HOUR = timedelta(hours=1)
MOMENT = timedelta(seconds=1)
PATIENCE = Patience(raised=6 * HOUR, over=24 * HOUR)


def make_facts(kind: str, **fields) -> Facts:
    defaults = {
        "is_first": kind == "raised",
        "is_end": kind == "over",
        "is_wanted": True,
        "is_overtaken": kind == "over",
        "age": MOMENT,
        "told": Told.NO,
    }
    return Facts(**(defaults | fields))


@pytest.mark.parametrize(
    ("fields", "decision"),
    [
        pytest.param({}, Decision.SEND, id="fresh"),
        pytest.param({"age": 6 * HOUR}, Decision.SEND, id="just in time"),
        pytest.param({"age": 6 * HOUR + MOMENT}, Decision.OUTDATED, id="too old"),
        pytest.param({"age": -HOUR}, Decision.SEND, id="a clock was set back"),
        pytest.param({"is_overtaken": True}, Decision.OVERTAKEN, id="over or worse by now"),
        pytest.param({"is_wanted": False}, Decision.UNWANTED, id="unsubscribed"),
        pytest.param({"is_inhibited": True}, Decision.INHIBITED, id="an authority says as much"),
    ],
)
def test_raise(fields, decision):
    assert decide(make_facts("raised", **fields), PATIENCE) is decision


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
    assert decide(make_facts("over", **fields), PATIENCE) is decision


@pytest.mark.parametrize(
    ("fields", "decision"),
    [
        pytest.param({"told": Told.YES}, Decision.SEND, id="who heard of it"),
        pytest.param({"told": Told.NO}, Decision.SEND, id="who did not: it says all"),
        pytest.param({"told": Told.IN_HAND}, Decision.WAIT, id="who is being told less"),
        pytest.param({"is_overtaken": True}, Decision.OVERTAKEN, id="over or worse by now"),
        pytest.param({"age": 7 * HOUR, "told": Told.IN_HAND}, Decision.OUTDATED, id="too old"),
        pytest.param({"is_inhibited": True}, Decision.INHIBITED, id="an authority says as much"),
        pytest.param({"is_wanted": False}, Decision.UNWANTED, id="unsubscribed"),
    ],
)
def test_worse(fields, decision):
    assert decide(make_facts("worse", **fields), PATIENCE) is decision


def test_every_reason_to_drop_can_be_stored():
    assert set(Decision) - {Decision.SEND, Decision.WAIT} == set(DropReason.values)


class Person:
    """A mailbox, and the mails that one alert may owe it, as the rows hold them."""

    def __init__(self) -> None:
        self.mailbox: list[str] = []
        self.hours = 0
        self.over_at: int | None = None
        self.is_wanted = True
        self.pending = {"raised"}
        self.made_at = {"raised": 0}
        self.told = Told.NO

    def end(self) -> None:
        if self.over_at is None:
            self.over_at = self.hours
            self._owe("over")

    def worsen(self) -> None:
        if self.over_at is None and "worse" not in self.made_at:
            self._owe("worse")

    def _owe(self, kind: str) -> None:
        self.pending.add(kind)
        self.made_at[kind] = self.hours

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
        if kind != "over" and outcome not in ("later", "never") and self.told is not Told.YES:
            self.told = Told.YES if outcome == "yes" else Told.MAYBE

    def look(self, kind: str) -> Facts:
        is_over = self.over_at is not None
        return make_facts(
            kind,
            is_wanted=self.is_wanted,
            is_overtaken=is_over or (kind == "raised" and "worse" in self.made_at),
            age=(self.hours - self.made_at[kind]) * HOUR,
            told=self.told,
        )


OUTCOMES = ("yes", "later", "never", "yes, but nobody heard it", "no, and nobody heard it")
STEPS = st.one_of(
    st.builds(
        lambda kind, outcome: ("send", kind, outcome),
        st.sampled_from(["raised", "worse", "over"]),
        st.sampled_from(OUTCOMES),
    ),
    st.just(("worsen",)),
    st.just(("end",)),
    st.just(("leave",)),
    st.integers(1, 30).map(lambda hours: ("pass_hours", hours)),
)


# A busy machine is no failure.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, max_size=30))
def test_nobody_hears_of_the_end_first_or_alone(steps):
    person = Person()
    answered = True
    for name, *arguments in steps:
        getattr(person, name)(*arguments)
        answered = answered and arguments[1:] != ["no, and nobody heard it"]

    mailbox = person.mailbox
    if "over" in mailbox:
        assert {"raised", "worse"}.isdisjoint(mailbox[mailbox.index("over") :])
        assert {"raised", "worse"} & {*mailbox} or not answered, "only where nobody could know"
    if "worse" in mailbox:
        assert "raised" not in mailbox[mailbox.index("worse") :]
