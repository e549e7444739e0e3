"""What `make chaos` calls lost, doubled and unexpected."""

from dataclasses import replace

import pytest

from bench.chaos.count import Owed, check_mails, compare

RAISED = Owed(1, "reader@example.org", (7, "noon"), is_raise=True, state="SENT")
OVER = Owed(2, "reader@example.org", (7, "noon"), is_raise=False, state="SENT")
TO = RAISED.recipient
ARRIVED = [(TO, 1), (TO, 2)]
OVERTAKEN = replace(RAISED, state="DROPPED", drop_reason="OVERTAKEN")
UNHEARD = replace(OVER, state="DROPPED", drop_reason="UNHEARD")


@pytest.mark.parametrize(
    ("got", "lost", "doubled", "unexpected"),
    [
        pytest.param([(1,), (2,)], 0, 0, 0, id="the same"),
        pytest.param([(1,)], 1, 0, 0, id="one lost"),
        pytest.param([(1,), (2,), (2,), (2,)], 0, 2, 0, id="one three times"),
        pytest.param([(1,), (3,)], 1, 0, 1, id="another instead"),
    ],
)
def test_rows_are_compared_with_those_of_the_undisturbed_run(got, lost, doubled, unexpected):
    count = compare("rows", [(1,), (2,)], got)

    assert (count.lost, count.doubled, count.unexpected) == (lost, doubled, unexpected)
    assert count.expected == 2
    assert count.got == len(got)
    assert count.is_good == (lost == doubled == unexpected == 0)


@pytest.mark.parametrize(
    ("owed", "arrived", "merged"),
    [
        pytest.param([RAISED, OVER], ARRIVED, 0, id="both, in order"),
        pytest.param([RAISED], ARRIVED[:1], 0, id="the alert goes on"),
        pytest.param([OVERTAKEN, UNHEARD], [], 2, id="over before it could be told"),
        pytest.param(
            [replace(OVERTAKEN, maybe_sent=True), OVER],
            ARRIVED[1:],
            1,
            id="the beginning was perhaps told",
        ),
    ],
)
def test_mails_as_they_should_be(owed, arrived, merged):
    box = check_mails(owed, arrived, cuts=0)

    assert box.count().is_good
    assert box.merged == merged


@pytest.mark.parametrize(
    ("owed", "arrived", "lost", "doubled", "unexpected"),
    [
        pytest.param([RAISED, OVER], ARRIVED[:1], 1, 0, 0, id="said to be sent, not arrived"),
        pytest.param([replace(RAISED, state="PENDING")], [], 1, 0, 0, id="never sent"),
        pytest.param([replace(RAISED, state="FAILED")], [], 1, 0, 0, id="given up"),
        pytest.param(
            [replace(OVERTAKEN, drop_reason="OUTDATED")], [], 1, 0, 0, id="too old by the end"
        ),
        pytest.param([RAISED, UNHEARD], ARRIVED[:1], 1, 0, 0, id="told of the beginning alone"),
        pytest.param([RAISED], ARRIVED[:1] * 2, 0, 1, 0, id="twice without a reason"),
        pytest.param(
            [replace(RAISED, maybe_sent=True)],
            ARRIVED[:1] * 3,
            0,
            1,
            0,
            id="more than one cut does",
        ),
        pytest.param([OVERTAKEN, OVER], ARRIVED[1:], 0, 0, 1, id="the end alone"),
        pytest.param([RAISED, OVER], ARRIVED[::-1], 0, 0, 1, id="the end first"),
        pytest.param([OVERTAKEN], ARRIVED[:1], 0, 0, 1, id="arrived though dropped"),
        pytest.param([OVERTAKEN, UNHEARD], ARRIVED[:1], 1, 0, 1, id="and the end did not follow"),
        pytest.param([RAISED], [*ARRIVED[:1], (TO, 99)], 0, 0, 1, id="of no row"),
        pytest.param([RAISED], [*ARRIVED[:1], ("other", 1)], 0, 1, 1, id="to somebody else"),
    ],
)
def test_mails_as_they_should_not_be(owed, arrived, lost, doubled, unexpected):
    box = check_mails(owed, arrived, cuts=1)

    assert (len(box.lost), len(box.doubled), len(box.unexpected)) == (lost, doubled, unexpected)
    assert not box.count().is_good


def test_a_second_mail_is_counted_apart_where_an_answer_of_the_mail_server_was_lost():
    box = check_mails([replace(RAISED, maybe_sent=True)], ARRIVED[:1] * 2, cuts=1)

    assert box.again == 1
    assert box.count().is_good
