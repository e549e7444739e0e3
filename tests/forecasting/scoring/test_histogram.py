import random

import pytest

from predictor.online_calibration import from_log_odds
from weatherapp.forecasting.blending.bands import BANDS, to_log_odds
from weatherapp.forecasting.blending.fit import Cell, fit_weights
from weatherapp.forecasting.scoring.histogram import CELL_WIDTH, Case, Histogram

DEFAULT = BANDS[1].default


def histogram_of(*cases):
    histogram = Histogram()
    for case in cases:
        histogram.add(case)
    return histogram


def test_squared_errors_are_of_each_part_and_of_what_was_published():
    histogram = histogram_of(Case(0.8, 0.6, 0.7, True), Case(0.2, 0.4, 0.1, False))

    assert (histogram.cases, histogram.wet_cases) == (2, 1)
    assert histogram.mean(histogram.model_squared_error) == pytest.approx(0.04)
    assert histogram.mean(histogram.source_squared_error) == pytest.approx(0.16)
    assert histogram.mean(histogram.site_squared_error) == pytest.approx(0.05)


def test_without_cases_there_is_no_score():
    assert Histogram().mean(0.0) is None


def test_a_cell_holds_its_cases_near_their_log_odds():
    (cell,) = histogram_of(Case(0.7, 0.1, 0.5, True), Case(0.7, 0.1, 0.5, False)).list_cells()

    assert (cell.cases, cell.wet) == (2, 1)
    assert cell.model == pytest.approx(to_log_odds(0.7), abs=CELL_WIDTH / 2)
    assert cell.source == pytest.approx(to_log_odds(0.1), abs=CELL_WIDTH / 2)


def test_cases_may_count_for_less_than_one():
    (cell,) = histogram_of(*[Case(0.7, 0.1, 0.5, True)] * 6).list_cells(share=0.25)

    assert (cell.cases, cell.wet) == (1.5, 1.5)


def test_two_histograms_together_are_the_histogram_of_all_cases():
    cases = [Case(0.75, 0.5, 0.5, True), Case(0.25, 0.5, 0.5, False), Case(0.75, 0.5, 0, False)]
    halves = histogram_of(*cases[:1])

    halves.absorb(histogram_of(*cases[1:]))

    assert halves == histogram_of(*cases)


def test_the_table_is_bounded_whatever_is_counted():
    draw = random.Random(1)
    extremes = [0.0, 1.0, 1e-300, 1 - 1e-16]
    histogram = histogram_of(
        *[Case(draw.choice(extremes), draw.random() ** 4, 0.5, True) for _ in range(5_000)]
    )

    assert len(histogram.cells) <= 53 * 53
    assert all(abs(cell.model) <= 5.4 >= abs(cell.source) for cell in histogram.list_cells())


def test_counting_in_cells_hardly_changes_the_weights():
    draw = random.Random(2)
    cases = []
    for _ in range(4_000):
        model, source = draw.gauss(-1, 1.5), draw.gauss(-1, 1.5)
        is_wet = draw.random() < from_log_odds(0.3 + 0.7 * model + 0.6 * source)
        cases.append(Case(from_log_odds(model), from_log_odds(source), 0.5, is_wet))
    one_by_one = [Cell(to_log_odds(c.model), to_log_odds(c.source), 1, c.is_wet) for c in cases]

    exact = fit_weights(one_by_one, DEFAULT)
    counted = fit_weights(histogram_of(*cases).list_cells(), DEFAULT)

    assert counted.intercept == pytest.approx(exact.intercept, abs=0.01)
    assert counted.model == pytest.approx(exact.model, abs=0.01)
    assert counted.source == pytest.approx(exact.source, abs=0.01)
