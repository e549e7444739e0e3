"""Numbers and rules in words."""

import pytest

from weatherapp.display.labels import name_direction
from weatherapp.domain.formatting import format_percent

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("probability", "digits", "expected"),
    [
        pytest.param(0.723, 0, "72", id="rounds"),
        pytest.param(0.0, 0, "0", id="zero itself"),
        pytest.param(1.0, 0, "100", id="one itself"),
        pytest.param(0.004, 0, "<1", id="never zero when it may rain"),
        pytest.param(0.996, 0, ">99", id="never certain when it may stay dry"),
        pytest.param(0.995, 0, ">99", id="the edge of certainty"),
        pytest.param(0.005, 0, "0", id="half a percent rounds to even"),
        pytest.param(0.6312, 1, "63.1", id="one digit"),
        pytest.param(0.0004, 1, "<0.1", id="small with a digit"),
        pytest.param(0.9996, 1, ">99.9", id="large with a digit"),
    ],
)
def test_percent_never_claims_certainty(probability, digits, expected):
    assert format_percent(probability, digits) == f"{expected}{NBSP}%"


@pytest.mark.parametrize(
    ("degrees", "expected"), [(0, "N"), (22, "N"), (23, "NE"), (180, "S"), (340, "N"), (360, "N")]
)
def test_direction(degrees, expected):
    assert name_direction(degrees) == expected
