import pytest

from weatherapp.alerting.rules import Threshold, Verdict, judge

SIXTY = Threshold(limit=0.6, margin=0.1)


@pytest.mark.parametrize(
    ("probability", "verdict"),
    [
        pytest.param(0.61, Verdict.RAISE, id="above the limit raises"),
        pytest.param(0.6, Verdict.RAISE, id="the limit itself raises"),
        pytest.param(0.59, Verdict.HOLD, id="inside the margin holds"),
        pytest.param(0.5, Verdict.HOLD, id="the margin's edge holds"),
        pytest.param(0.49, Verdict.CLEAR, id="below the margin clears"),
        pytest.param(0.0, Verdict.CLEAR, id="zero clears"),
        pytest.param(None, Verdict.NO_DATA, id="nothing known is no verdict on rain"),
    ],
)
def test_judge(probability, verdict):
    assert judge(probability, SIXTY) is verdict


def test_without_a_margin_just_below_the_limit_clears():
    assert judge(0.599, Threshold(0.6)) is Verdict.CLEAR


def test_a_limit_of_zero_is_always_reached():
    assert judge(0.0, Threshold(0.0)) is Verdict.RAISE


def test_rounding_does_not_move_the_margins_edge():
    # 0.7 - 0.1 is 0.6 - 1e-16 in binary; a reader means 0.6
    assert judge(0.6, Threshold(limit=0.7, margin=0.1)) is Verdict.HOLD
    assert judge(0.1 + 0.2, Threshold(limit=0.3)) is Verdict.RAISE
    assert judge(0.8 - 0.1, Threshold(limit=0.7)) is Verdict.RAISE
