"""A hundred idle or slow clients of each kind, and one that wants to read the site."""

from __future__ import annotations

import pytest

from bench.memory_goals import ATTACKED_WEB_MB
from tests.edge.honest import ask_for
from tests.edge.hostile import KINDS, attacked

pytestmark = pytest.mark.alone

PATHS = ("/health", "/")


@pytest.mark.parametrize("kind", KINDS)
def test_an_honest_client_is_answered(web, kind):
    with attacked(web.port, kind, 100) as hostile:
        answers = ask_for(2.0, web.port, PATHS)
        memory_mb = web.pss_mb()

    assert hostile.opened >= 100
    for path in PATHS:
        assert {answer.status for answer in answers[path]} == {200}
        # Threads that waited for the hostile ones would come back after 20 s, or never.
        assert sorted(answer.elapsed_s for answer in answers[path])[len(answers[path]) // 2] < 5
    assert memory_mb < ATTACKED_WEB_MB
    assert "Traceback" not in web.log
