"""What the font can write is written; what it cannot is left out, and never a row of boxes."""

from __future__ import annotations

import pytest
from PIL import Image

from tests import ROOT
from weatherapp.pages.pictures import draw


@pytest.mark.parametrize(
    "text",
    [
        "Pluie forte à Orléans: 31,2 °C, «\u00a0œuvre\u00a0» \u2013 l\u2019été…",
        "Zażółć gęślą jaźń, Čačak, Kąty, Iași, İstanbul, Đà Nẵng",
        "Αθήνα",
        "Київ",
        "UTC\u22125:30 · >99\u00a0%",
    ],
)
def test_these_can_be_written(text):
    assert draw.choose([text]) == text


@pytest.mark.parametrize("text", ["東京", "דימונה", "الرياض", "दिल्ली", "Tokyo 東京", "\x07"])
def test_of_those_the_next_best_is_written(text):
    assert draw.choose([text, "35.68°, 139.69°"]) == "35.68°, 139.69°"
    assert draw.choose([text]) == ""


def test_letters_of_two_parts_are_joined_first():
    assert draw.choose(["Orle\u0301ans"]) == "Orléans"


def test_long_words_are_broken_and_end_in_dots():
    font = draw.load(draw.SERIF, 76)
    lines = draw.wrap("X" * 80, font, 2)

    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert all(font.getlength(line) <= draw.WIDTH for line in lines)


def test_lines_break_between_words():
    font = draw.load(draw.SANS, 36)
    text = "Highest wind gust forecast for the next 12 hours, and then some more of it"
    lines = draw.wrap(text, font, 2)

    assert " ".join(lines) == text
    assert draw.wrap("", font, 2) == []


def test_nothing_is_written_across_the_foot():
    wanted = {"severity": "Extreme", "site": ["S"]}
    wanted |= {name: ["word " * 60] for name in ("state", "title", "where", "when", "what")}
    image = draw.draw(wanted)
    above = image.crop((draw.MARGIN, draw.FOOT - 4, draw.SIZE[0], draw.FOOT))

    assert image.size == (1200, 630)
    assert len(above.getcolors()) == 1


@pytest.mark.parametrize("severity", ["", "Minor", "Moderate", "Severe", "Extreme"])
def test_each_severity_has_its_colour_and_shape(severity):
    image = draw.draw({"severity": severity, "state": ["now"]})
    mark = image.crop((draw.MARGIN, draw.MARGIN, draw.MARGIN + 46, draw.MARGIN + 46))
    inked = [pixel for pixel in mark.get_flattened_data() if pixel != (0xF6, 0xF5, 0xF1)]

    assert inked
    assert image.getpixel((5, 5)) == tuple(bytes.fromhex(draw.COLOURS[severity][1:]))


def test_shapes_of_severities_differ():
    def shape_of(severity):
        image = draw.draw({"severity": severity, "state": ["now"]})
        mark = image.crop((draw.MARGIN, draw.MARGIN, draw.MARGIN + 46, draw.MARGIN + 46))
        return bytes(pixel != (0xF6, 0xF5, 0xF1) for pixel in mark.get_flattened_data())

    assert len({shape_of(one) for one in ("Minor", "Moderate", "Severe", "Extreme")}) == 4


def test_the_sites_own_picture_warns_of_nothing():
    with Image.open(ROOT / "weatherapp/static/img/social.png") as image:
        assert image.size == draw.SIZE
        assert image.getpixel((5, 5)) == tuple(bytes.fromhex(draw.COLOURS[""][1:]))
