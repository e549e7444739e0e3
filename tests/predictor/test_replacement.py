"""When a predictor makes room for a new one."""

import pytest

from predictor.replacement import Replacement

pytestmark = pytest.mark.slow


def count_until_due(replacement, at_most=100):
    """The number of the answer after which it is due, and why."""
    for number in range(1, at_most + 1):
        if reason := replacement.count_answers(1):
            return number, reason
    return None


def test_without_limits_it_is_never_due():
    replacement = Replacement(max_requests=0, max_memory_mb=0, measure_mb=lambda: 1e9)

    assert count_until_due(replacement) is None


def test_after_the_last_request_it_is_due():
    number, reason = count_until_due(Replacement(max_requests=7, max_memory_mb=0))

    assert number == 7
    assert "7 requests done" in reason


def test_above_the_memory_limit_it_is_due():
    sizes_mb = iter([100.0, 200.0, 200.1, 300.0])
    replacement = Replacement(max_requests=0, max_memory_mb=200, measure_mb=lambda: next(sizes_mb))

    number, reason = count_until_due(replacement)

    assert number == 3
    assert "200 MB held" in reason


def test_it_is_said_once():
    replacement = Replacement(max_requests=1, max_memory_mb=0)

    assert [bool(replacement.count_answers(1)) for _ in range(3)] == [True, False, False]
