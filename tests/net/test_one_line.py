"""Foreign text can neither forge a line of the log nor fill a row."""

from __future__ import annotations

import pytest

from weatherapp.net.errors import NetError
from weatherapp.net.one_line import one_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("Daily limit exceeded.", "Daily limit exceeded.", id="plain"),
        pytest.param("a\nb\r\nc\td", "a b c d", id="lines"),
        pytest.param("a\u2028b\x85c\x0bd", "a b c d", id="lines of Unicode"),
        pytest.param("\x1b[31mred\x1b[0m", "[31mred [0m", id="colours of a terminal"),
        pytest.param("a\u202egnp.exe", "a gnp.exe", id="right to left"),
        pytest.param("nul\x00l \ud800", "nul l", id="what UTF-8 cannot say"),
        pytest.param("ü ≥ 雨", "ü ≥ 雨", id="letters of the world"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_what_stands_in_a_line_is_printable(text, line):
    assert one_line(text) == line


def test_a_long_text_is_cut():
    assert one_line("x" * 4_000_000) == "x" * 299 + "…"
    assert one_line("x" * 300) == "x" * 300


def test_long_nothing_before_the_words_is_cut_too():
    assert len(one_line("\n" * 1000 + "x" * 1000, 10)) <= 10


def test_every_error_of_the_network_is_one_line():
    assert str(NetError("a\n2026-01-01 ERROR forged " + "x" * 999)).startswith("a 2026-01-01")
    assert len(str(NetError("x" * 999))) == 300
