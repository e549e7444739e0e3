"""MODEL_CARD.md: what a model is for, what it is made of, how good it is, what it cannot do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from predictor import contract
from predictor.registry import MANIFEST_NAME
from predictor.training.provenance import ATTRIBUTIONS
from predictor.training.publish import replace_text
from predictor.training.tables import join_row, show_alone, show_chance, to_markdown

CARD_NAME = "MODEL_CARD.md"
# What record_in_card writes under the names `scores` and `left_out`.
SCORES_NAME, LEFT_OUT_NAME = "scores.json", "left_out.json"
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

24 hourly rows, oldest first: {features}. And what was usual at the place in the
{climate_days} days that end with them: {climate}. Any may be missing within the contract's limits
(predictor/contract.py); a new place has no climate yet. Scaling and features are inside the
exported graph; latitude turns the season and is not used otherwise, and there is no station id.
"""

DATA = """
## Data

Hourly surface observations, none of which is part of this repository. Split {split}.

"""

WEAKNESSES = """
## Known weaknesses

- It learned from four climates. Elsewhere it leans on what the place's last months were like; its
  far hours may be off there, most of all when a dry season ends. Check its calibration against a
  place's own record (`predictor.training.evaluate`) before trusting it.
- Until a place has some weeks of record it goes by the day's weather alone, and is less good.
- Gauges differ: the least amount that they report (0.1, 0.2, 0.254 mm) decides what a wet hour is.
- Stations of one city share their weather: short test spans of them have wide intervals.
- Beyond 12 hours an hour's probability is close to what the season and the day's weather say.
- Whole-number exports (int8) may miss single windows by far more than their mean loss tells.
"""

EXPORT_HEADS = (
    "export",
    "shipped",
    "bytes",
    "Brier loss",
    "largest difference",
    "p50 ms",
    "MB",
)
LEFT_OUT_HEADS = (
    "left out",
    "target",
    "Brier",
    "LightGBM",
    "skill",
    "ECE",
    "alone",
    "by chance",
    "ECE, all rows",
    "alone",
    "base rate",
    "n",
)
LEFT_OUT_TARGETS = ("h1", "any6", "any24")


def record_in_card(folder: Path, **records: Any) -> None:
    """Each into a file of its own beside the manifest, and all into the card."""
    for name, record in records.items():
        text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
        replace_text(folder / f"{name}.json", text)
    write_card(folder)


def write_card(folder: Path) -> None:
    """folder/MODEL_CARD.md, from the manifest and the records that lie there."""
    manifest = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
    names = {key: ", ".join(manifest[key]) for key in ("features", "climate")}
    parts = [
        PURPOSE.format(**{**manifest, **names, "climate_days": contract.CLIMATE_DAYS}),
        DATA.format(split=manifest["training"]["split"]),
        *(f"- {_attribute(one)}\n" for one in manifest["training"]["data"]),
        "\n",
        _tabulate_data(manifest["training"]["data"]),
        _tabulate_exports(manifest),
        _tabulate_scores(_read(folder / SCORES_NAME)),
        _tabulate_left_out(_read(folder / LEFT_OUT_NAME)),
        WEAKNESSES,
    ]
    (folder / CARD_NAME).write_text("".join(parts), encoding="utf-8")


def _read(path: Path) -> dict[str, Any]:
    """Empty where nothing was recorded."""
    record: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return record


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
                f"{one['memory_mb']:.0f}",
            ]
        )
        for name, one in record["compared_exports"].items()
    ]
    head = (
        f"\n## Exports\n\nTrained in {cost['minutes']} minutes on 2 shared cores, peak memory "
        f"{cost['peak_memory_mb']} MB. Brier loss is the largest relative one of the seven scored "
        "targets on 20,000 validation windows, against LiteRT float32. MB: resident memory of a "
        "process that has answered 1,000 windows with it, without Celery and before trimming."
        f"{_add_remarks(cost)}\n\n"
    )
    return head + "\n".join([join_row(EXPORT_HEADS), join_row(["---"] * 7), *rows]) + "\n"


def _tabulate_scores(scores: Mapping[str, Any]) -> str:
    if not scores:
        return "\n## Scores\n\nNot evaluated yet.\n"
    head = (
        "\n## Scores\n\nOn the test rows (later years, same stations), through the engine that "
        "serves requests, for a site that begins at the stations with the first of these rows and "
        'calibrates online there (predictor/online_calibration.py); "alone" and model_alone: '
        "without that. Skill is over the climatology of month and hour. ECE is the expected "
        'calibration error (20 bins); "by chance": what it would be on average if every week\'s '
        "misses could as well have gone the other way, and p how often that makes it as large as "
        "this one: from .05 up, it cannot be told from chance. The last columns are the Brier "
        "scores of rivals on the same rows.\n"
        f"\n![Reliability]({RELIABILITY_NAME})"
    )
    return f"{head}{_add_remarks(scores)}\n{to_markdown(scores)}"


def _tabulate_left_out(left_out: Mapping[str, Any]) -> str:
    if not left_out:
        return ""
    rows = [
        join_row(
            [
                ", ".join(group["left_out"]) if target == LEFT_OUT_TARGETS[0] else "",
                target,
                f"{scores['brier']:.4f}",
                _show_rival(scores["rivals"]),
                f"{scores['skill_over_base_rate']:.3f}",
                f"{scores['ece']:.4f}",
                show_alone(scores),
                show_chance(scores),
                f"{group['all_rows'][name]['targets'][target]['ece']:.4f}",
                show_alone(group["all_rows"][name]["targets"][target]),
                f"{scores['base_rate']:.3f}",
                f"{scores['n']:,}",
            ]
        )
        for group in left_out["groups"]
        for name, data_set in group["datasets"].items()
        for target, scores in data_set["targets"].items()
        if target in LEFT_OUT_TARGETS
    ]
    head = (
        "\n## Stations never seen\n\nEach row: a model of the same kind "
        f"({left_out['recipe']}, {left_out['epochs']} epochs, without a teacher) "
        "and LightGBM, trained without the station and its neighbours, on the station's test rows. "
        "Skill is over the station's own base rate. All rows: nothing of the station was trained on, "
        "and more years leave less to chance. A site that begins with the station's first row "
        'calibrates online all along; "alone": without that.\n\n'
    )
    rule = join_row(["---"] * len(LEFT_OUT_HEADS))
    return head + "\n".join([join_row(LEFT_OUT_HEADS), rule, *rows]) + "\n"


def _show_rival(rivals: Mapping[str, Any]) -> str:
    return f"{rivals['lightgbm']['brier']:.4f}" if "lightgbm" in rivals else ""


def _add_remarks(part: Mapping[str, Any]) -> str:
    """What a person wrote into the manifest about how its figures came about."""
    return "".join(f"\n\n{remark}" for remark in part.get("remarks", ()))
