"""Lines of text in so many bytes, whatever the names hold."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weatherapp.domain.short_text import ASCII_ELLIPSIS, JOINER, Line, cut, fit, to_ascii

NAMES = st.text(max_size=80)
LIMIT = 200


@given(NAMES, st.integers(0, 120))
def test_what_is_cut_is_short_enough_and_the_beginning(name, limit):
    kept = cut(name, limit)

    assert len(kept.encode(errors="surrogatepass")) <= limit
    assert kept == name or name.startswith(kept.removesuffix("…").rstrip("…"))


@given(
    st.text(
        alphabet="ae\u0301\u0308\N{ZERO WIDTH JOINER}\U0001f469\U0001f467\U0001f3fd", max_size=80
    )
)
def test_no_character_loses_what_is_written_onto_it(name):
    kept = cut(name, 60)

    if kept != name:
        end = len(kept.removesuffix("…"))
        rest = name[end:]
        assert not kept or not unicodedata.category(rest[0]).startswith("M")
        assert JOINER not in (kept.removesuffix("…")[-1:], rest[0] if kept else "")


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        pytest.param(9, "Reykjavík"[:6] + "…", id="between characters"),
        pytest.param(10, "Reykjavík", id="as long as there is room"),
        pytest.param(3, "", id="no room for more than the sign"),
        pytest.param(0, "", id="no room"),
    ],
)
def test_a_name_is_cut_between_characters(limit, expected):
    assert cut("Reykjavík", limit) == expected


@given(NAMES, NAMES, st.lists(st.text(max_size=60), max_size=4), st.booleans())
def test_all_lines_together_are_short_enough_and_those_that_must_stay_stay(
    place, rule, others, is_ascii
):
    must = [Line("", place, " 12:05 UTC"), Line("Severe: ", rule, " until 18:00")]
    lines = [*must, *(Line(text, rank=rank) for rank, text in enumerate(others, start=1))]

    text = fit(lines, LIMIT, ellipsis=ASCII_ELLIPSIS if is_ascii else "…")

    assert len(text.encode()) <= LIMIT
    assert " 12:05 UTC\n" in text
    assert " until 18:00\n" in text


def test_what_can_best_be_missed_goes_first_and_names_stay_long():
    name = "n" * 80
    lines = [Line("", name), Line("a" * 60, rank=1), Line("b" * 60, rank=3), Line("c" * 60, rank=2)]

    assert fit(lines, LIMIT).splitlines() == ["n" * 74 + "…", "a" * 60, "c" * 60]


def test_names_are_cut_before_anything_that_must_stay():
    lines = [Line("", "n" * 80, " 12:05"), Line("x" * 170)]

    assert fit(lines, LIMIT).splitlines() == ["n" * 19 + "… 12:05", "x" * 170]


def test_even_lines_that_cannot_fit_end_in_time():
    text = fit([Line("é" * 150), Line("x" * 90)], LIMIT)

    assert len(text.encode()) <= LIMIT
    assert text.endswith("…\n")


@given(st.text(max_size=80))
def test_ascii_is_ascii(text):
    assert to_ascii(text).isascii()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Łódź, Tromsø, Besançon", "Lodz, Tromso, Besancon"),
        ("9 to 12 °C", "9 to 12 C"),
        ("−3 – 5", "-3 - 5"),
        ("Île d’Œuf", "Ile d'OEuf"),
        ("東京", "??"),
    ],
)
def test_letters_lose_their_accents_and_signs_their_form(text, expected):
    assert to_ascii(text) == expected
