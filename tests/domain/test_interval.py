import pytest

from weatherapp.domain.interval import find_interval


def test_a_share_of_few_cases_may_be_nearly_anything():
    low, high = find_interval(2, 3)

    assert low == pytest.approx(0.208, abs=0.001)
    assert high == pytest.approx(0.939, abs=0.001)


def test_a_share_of_many_cases_is_narrow():
    low, high = find_interval(7000, 10_000)

    assert 0.69 < low < 0.7 < high < 0.71


def test_none_and_all_stay_within_bounds():
    assert find_interval(0, 30) == (0.0, pytest.approx(0.1135, abs=0.001))
    assert find_interval(30, 30) == (pytest.approx(0.8865, abs=0.001), 1.0)


@pytest.mark.parametrize(("count", "cases"), [(0, 0), (4, 3), (-1, 3)])
def test_what_is_no_share_is_refused(count, cases):
    with pytest.raises(ValueError, match="no share"):
        find_interval(count, cases)
