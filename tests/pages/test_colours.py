"""Every ink is readable on every ground it is used on, by day and by night (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest

from tests import ROOT

SHEET = ROOT / "weatherapp/static/css/variables.css"
TEXT = 4.5
SHAPE = 3.0
PAIRS = [
    ("ink", "ground", TEXT),
    ("ink", "sheet", TEXT),
    ("ink", "alert-ground", TEXT),
    ("ink", "no-data-ground", TEXT),
    ("ink-soft", "ground", TEXT),
    ("ink-soft", "sheet", TEXT),
    ("link", "ground", TEXT),
    ("link", "sheet", TEXT),
    ("alert", "alert-ground", TEXT),
    ("alert", "ground", TEXT),
    ("alert", "sheet", TEXT),
    ("no-data", "no-data-ground", TEXT),
    ("no-data", "ground", TEXT),
    ("quiet", "quiet-ground", TEXT),
    ("button-ink", "button", TEXT),
    ("replay-ink", "replay-ground", TEXT),
    ("rain", "ground", SHAPE),
    ("then", "ground", SHAPE),
    ("source", "ground", SHAPE),
    ("temperature", "ground", SHAPE),
    ("alert-line", "ground", SHAPE),
    ("alert-line", "alert-ground", SHAPE),
    ("focus", "ground", SHAPE),
    ("focus", "sheet", SHAPE),
    ("line-strong", "sheet", SHAPE),
    ("minor", "ground", SHAPE),
    ("moderate", "ground", SHAPE),
    ("severe", "ground", SHAPE),
    ("extreme", "ground", SHAPE),
]


def read_themes(sheet: Path) -> dict[str, dict[str, str]]:
    day, night = sheet.read_text().split("@media (prefers-color-scheme: dark)")
    light = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", day))
    return {"light": light, "dark": light | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", night))}


def luminance(colour: str) -> float:
    # https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    ]
    return sum(
        weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    )


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_contrast(theme, ink, ground, least):
    colours = read_themes(SHEET)[theme]

    assert contrast(colours[ink], colours[ground]) >= least


def test_other_sheets_name_no_colours_of_their_own():
    sheets = [sheet for sheet in SHEET.parent.glob("*.css") if sheet != SHEET]

    assert sheets
    for sheet in sheets:
        outside_print = sheet.read_text().split("@media print")[0]
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s])", outside_print) == []


def test_a_card_that_is_always_dark_has_all_colours_it_uses_of_the_dark_theme():
    whole, fixed = SHEET.read_text().split(":root.theme-dark")
    night = whole.split("@media (prefers-color-scheme: dark)")[1]
    colours = re.findall(r"--[\w-]+: #[0-9a-f]{6};", fixed)
    used = set(re.findall(r"var\((--[\w-]+)\)", SHEET.with_name("card.css").read_text()))
    dark = {line.split(":")[0] for line in re.findall(r"--[\w-]+: #[0-9a-f]{6};", night)}

    assert set(colours) <= set(re.findall(r"--[\w-]+: #[0-9a-f]{6};", night))
    assert used & dark <= {colour.split(":")[0] for colour in colours}
