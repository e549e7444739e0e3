"""MODEL_CARD.md: what a model is for, what it is made of, how good it is, what it cannot do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from predictor.registry import MANIFEST_NAME
from predictor.training.provenance import ATTRIBUTIONS
from predictor.training.tables import join_row, to_markdown

CARD_NAME = "MODEL_CARD.md"
RELIABILITY_NAME = "reliability.svg"

PURPOSE = """\
# {name}

Answers, from the last 24 hourly surface observations at one place: how likely is rain (at least
0.1 mm in an hour) in each of the next 24 hours, in any of the next 6, in any of the next 24?
Version {version}, schema {schema_version}.

## For

Short-term rain alerts at one place, mostly for the next 6 hours; a second opinion beside a
weather service's own probability.

## Not for

- Warnings that people's safety hangs on: this is no warning authority.
- Amounts of rain, snow, thunder, wind.
- Tomorrow: surface observations say little beyond 6 to 12 hours, and the weather service's own
  probability is better there.

## Input and output

24 hourly rows, oldest first: {features}. Any may be missing within the contract's limits
(predictor/contract.py). Scaling and features are inside the exported graph; latitude turns the
season and is not used otherwise, and there is no station id.
"""

DATA = """
## Data

Hourly surface observations, none of which is part of this repository. Split {split}.

"""

WEAKNESSES = """
## Known weaknesses

- It knows the climates of the files above. Elsewhere its far hours lean on those; check its
  calibration against a place's own record (`predictor.training.evaluate`) before trusting it there.
- Gauges differ: the least amount that they report (0.1, 0.2, 0.254 mm) decides what a wet hour is.
- Stations of one city share their weather: short test spans of them have wide intervals.
- Beyond 12 hours an hour's probability is close to what the season and the day's weather say.
- Whole-number exports (int8) may miss single windows by far more than their mean loss tells.
"""

EXPORT_HEADS = ("export", "shipped", "bytes", "Brier loss", "largest difference", "p50 ms")


def write_card(folder: Path) -> None:
    """folder/MODEL_CARD.md, from the manifest that lies there."""
    record = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
    features = ", ".join(record["features"])
    parts = [
        PURPOSE.format(**{**record, "features": features}),
        DATA.format(split=record["training"]["split"]),
        *(f"- {_attribute(one)}\n" for one in record["training"]["data"]),
        "\n",
        _tabulate_data(record["training"]["data"]),
        _tabulate_exports(record),
        _tabulate_scores(record),
        WEAKNESSES,
    ]
    (folder / CARD_NAME).write_text("".join(parts), encoding="utf-8")


def _attribute(one: Mapping[str, Any]) -> str:
    return f"{one['name']}: {ATTRIBUTIONS.get(one['name'], one['licence'])}"


def _tabulate_data(files: list[Mapping[str, Any]]) -> str:
    heads = ("file", "rows", "stations", "validation from", "test from")
    rows = [
        join_row(
            [
                one["file"],
                f"{one['rows']:,}",
                str(len(one["stations"])),
                one["validation_from"][:10],
                one["test_from"][:10],
            ]
        )
        for one in files
    ]
    return "\n".join([join_row(heads), join_row(["---"] * len(heads)), *rows]) + "\n"


def _tabulate_exports(record: Mapping[str, Any]) -> str:
    cost = record["cost"]
    rows = [
        join_row(
            [
                name,
                "yes" if name in record["exports"] else "no",
                f"{one['size_bytes']:,}",
                f"{one['brier_loss']:+.4%}",
                f"{one['largest_difference']:.1e}",
                f"{one['p50_ms']:.3f}",
            ]
        )
        for name, one in record["compared_exports"].items()
    ]
    head = (
        f"\n## Exports\n\nTrained in {cost['minutes']} minutes on 2 shared cores, peak memory "
        f"{cost['peak_memory_mb']} MB. Brier loss is the largest relative one of the seven scored "
        "targets on 20,000 validation windows, against LiteRT float32."
        f"{_add_remarks(cost)}\n\n"
    )
    return head + "\n".join([join_row(EXPORT_HEADS), join_row(["---"] * 6), *rows]) + "\n"


def _tabulate_scores(record: Mapping[str, Any]) -> str:
    if "scores" not in record:
        return "\n## Scores\n\nNot evaluated yet.\n"
    head = (
        "\n## Scores\n\nOn the test rows (later years, same stations), through the engine that "
        "serves requests. Skill is over the climatology of month and hour; the last columns are "
        "the Brier scores of rivals on the same rows.\n"
        f"\n![Reliability]({RELIABILITY_NAME})"
    )
    return f"{head}{_add_remarks(record['scores'])}\n{to_markdown(record['scores'])}"


def _add_remarks(part: Mapping[str, Any]) -> str:
    """What a person wrote into the manifest about how its figures came about."""
    return "".join(f"\n\n{remark}" for remark in part.get("remarks", ()))
