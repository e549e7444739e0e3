"""`make chaos` fails where a run has lost, doubled or invented anything of any kind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.chaos.__main__ import Run, report
from bench.chaos.count import Owed

ALERT = (7, 1, "noon")
WORSE = (*ALERT, "FIRING", "FIRING", "ESCALATED", "Severe", "one")
TO = "reader@example.org"
RAISED = Owed(1, TO, ALERT, "RAISED", "SENT", "noon")
ESCALATED = Owed(2, TO, ALERT, "ESCALATED", "SENT", "one")
GOOD = Run(
    predictions=[(7, "noon", 0.4, 0.6, "rain"), (7, "one", 0.5, 0.7, "rain")],
    requests=[(7, "noon", "ANSWERED"), (7, "one", "ANSWERED")],
    changes=[(*ALERT, "", "FIRING", "RAISED", "Minor", "noon"), WORSE],
    owed=[RAISED, ESCALATED],
    arrived=[(TO, 1), (TO, 2)],
    visits={200: 3},
    is_settled=True,
)


def test_a_run_like_the_undisturbed_one_is_good():
    assert report(GOOD, GOOD, ["worker killed"]) == 0


@pytest.mark.parametrize(
    ("rough", "said"),
    [
        pytest.param({"predictions": GOOD.predictions[:1]}, "predictions, lost", id="no answer"),
        pytest.param(
            {"predictions": [*GOOD.predictions, GOOD.predictions[0]]},
            "predictions, doubled",
            id="an answer stored twice",
        ),
        pytest.param(
            {"predictions": [GOOD.predictions[0], (7, "one", 0.1, 0.2, "rain")]},
            "predictions, unexpected",
            id="another answer",
        ),
        pytest.param(
            {"requests": [GOOD.requests[0], (7, "one", "EXPIRED")]},
            "answered requests, lost",
            id="a lost task",
        ),
        pytest.param({"changes": GOOD.changes[:1]}, "alert changes, lost", id="a lost change"),
        pytest.param(
            {"changes": [GOOD.changes[0], (*WORSE[:-2], "Moderate", "one")]},
            "alert changes, unexpected",
            id="a change to another severity",
        ),
        pytest.param({"owed": [RAISED]}, "mails owed, lost", id="nobody is owed a change"),
        pytest.param(
            {
                "owed": [*GOOD.owed, replace(ESCALATED, id=3)],
                "arrived": [*GOOD.arrived, (TO, 3)],
            },
            "mails owed, doubled",
            id="a change is owed twice",
        ),
        pytest.param(
            {"arrived": [*GOOD.arrived, (TO, 2)]}, "arrived 2 times", id="a mail sent twice"
        ),
        pytest.param({"arrived": GOOD.arrived[:1]}, "arrived 0 times", id="a lost mail"),
        pytest.param({"is_settled": False}, "there was something", id="it does not come to rest"),
    ],
)
def test_a_run_that_differs_is_not(capsys, rough, said):
    assert report(GOOD, replace(GOOD, **rough), ["worker killed"]) == 1
    assert said in capsys.readouterr().out
