"""Samples as text, read back by Prometheus's own parsers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.operations.metrics import parse, value_of
from weatherapp.operations.metrics.exposition import write_samples
from weatherapp.operations.metrics.families import Family, Kind, Sample
from weatherapp.operations.metrics.requests import RequestCounts

GAUGE = Family("a_seconds", Kind.GAUGE, 'It\'s "how long" \\ it took.\nReally.', ("name", "of"))
COUNTER = Family("things_total", Kind.COUNTER, "How many.")
BOTH = pytest.mark.parametrize("is_open_metrics", [False, True])


def write(*samples: Sample, is_open_metrics: bool) -> str:
    return write_samples([COUNTER, GAUGE], samples, is_open_metrics=is_open_metrics)


@given(st.text(max_size=40), st.text(max_size=40), st.floats(allow_nan=False), st.booleans())
def test_whatever_labels_and_values_hold_is_read_back(name, of, value, is_open_metrics):
    # The parsers split at every kind of line break that Python knows; Prometheus at \n alone.
    name, of = (" ".join(text.splitlines()).replace("\x00", "") for text in (name, of))

    text = write(GAUGE.of(value, name, of), is_open_metrics=is_open_metrics)

    samples = parse(text, is_open_metrics=is_open_metrics)
    assert value_of(samples, "a_seconds", name=name, of=of) == value


@BOTH
def test_line_breaks_quotes_and_backslashes_of_a_label_are_escaped(is_open_metrics):
    text = write(GAUGE.of(1, 'a\nb"c\\n', ""), is_open_metrics=is_open_metrics)

    assert 'name="a\\nb\\"c\\\\n"' in text
    assert parse(text, is_open_metrics=is_open_metrics)


@BOTH
def test_families_come_in_their_order_each_in_one_piece(is_open_metrics):
    text = write(
        GAUGE.of(1, "a", "b"),
        COUNTER.of(2),
        GAUGE.of(math.inf, "c", "d"),
        is_open_metrics=is_open_metrics,
    )

    names = [line.split("{")[0].split(" ")[0] for line in text.splitlines() if line[0] != "#"]
    assert names == ["things_total", "a_seconds", "a_seconds"]
    assert len(parse(text, is_open_metrics=is_open_metrics)) == 3


def test_a_family_without_samples_is_left_out():
    assert "a_seconds" not in write(COUNTER.of(1), is_open_metrics=False)


def test_open_metrics_ends_and_names_a_counters_family_without_its_ending():
    text = write(COUNTER.of(1), is_open_metrics=True)

    assert text.endswith("# EOF\n")
    assert "# TYPE things counter\nthings_total 1\n" in text


def test_a_sample_without_all_its_labels_is_a_mistake():
    with pytest.raises(ValueError, match="zip"):
        write(GAUGE.of(1, "a"), is_open_metrics=False)


def test_requests_are_counted_by_view_and_kind_of_status_and_how_long_they_took():
    counts = RequestCounts()
    for view, status, elapsed_s in (
        ("place", 200, 0.004),
        ("place", 200, 0.005),
        ("place", 404, 0.3),
        ("home", 503, 99.0),
    ):
        counts.note(view, status, elapsed_s)

    families = list(dict.fromkeys(sample.family for sample in counts.list_samples()))
    for is_open_metrics in (False, True):
        text = write_samples(families, counts.list_samples(), is_open_metrics=is_open_metrics)
        samples = parse(text, is_open_metrics=is_open_metrics)
        total, seconds = "weatheralert_http_requests_total", families[1].name
        assert value_of(samples, total, view="place", status="2xx") == 2
        assert value_of(samples, total, view="place", status="4xx") == 1
        assert value_of(samples, total, view="home", status="5xx") == 1
        assert value_of(samples, f"{seconds}_bucket", view="place", le="0.005") == 2
        assert value_of(samples, f"{seconds}_bucket", view="place", le="0.25") == 2
        assert value_of(samples, f"{seconds}_bucket", view="place", le="0.5") == 3
        assert value_of(samples, f"{seconds}_bucket", view="home", le="10.0") == 0
        assert value_of(samples, f"{seconds}_bucket", view="home", le="+Inf") == 1
        assert value_of(samples, f"{seconds}_count", view="place") == 3
        assert value_of(samples, f"{seconds}_sum", view="place") == pytest.approx(0.309)
