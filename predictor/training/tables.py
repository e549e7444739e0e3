"""Scores as tables: for the terminal and, as Markdown, for model cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from predictor.training.scoring import MODEL_ALONE

WIDTHS = (7, 9, 19, 7, 7, 7, 7, 17, 8, 11, 3)
HEADS = (
    "target",
    "brier",
    "95 % interval",
    "skill",
    "auc",
    "ece",
    "alone",
    "by chance",
    "n",
    "base rate",
    "",
)


def print_scores(record: Mapping[str, Any]) -> None:
    """One table a data set, the rivals' Brier scores behind it."""
    print(f"{record['model']} {record['version']}")
    for name, data_set in _list_parts(record):
        print(
            f"\n{name}: {data_set['stations']} stations, "
            f"never seen: {', '.join(data_set['unseen_stations']) or 'none'}"
        )
        print(
            "".join(f"{head:>{width}}" for head, width in zip(HEADS, WIDTHS, strict=True))
            + "rivals' brier"
        )
        for target, scores in data_set["targets"].items():
            print(_format_line(target, scores))


def to_markdown(record: Mapping[str, Any]) -> str:
    """For MODEL_CARD.md."""
    lines = []
    for name, data_set in _list_parts(record):
        rivals = list(next(iter(data_set["targets"].values()))["rivals"])
        heads = ["target", "Brier", "95 % interval", "skill", "AUC", "ECE", "alone", "by chance"]
        heads += ["base rate", "n"]
        lines += [
            "",
            f"### {name}",
            "",
            join_row([*heads, *rivals]),
            join_row(["---"] * (10 + len(rivals))),
        ]
        lines += [join_row(_cells(t, scores)) for t, scores in data_set["targets"].items()]
    return "\n".join(lines) + "\n"


def _list_parts(record: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    parts = list(record["datasets"].items())
    return [*parts, ("all together", record["together"])] if "together" in record else parts


def _cells(target: str, scores: Mapping[str, Any]) -> list[str]:
    return [
        target,
        f"**{scores['brier']:.4f}**",
        f"{scores['brier_low']:.4f} to {scores['brier_high']:.4f}",
        _format(scores["skill"]),
        _format(scores["auc"]),
        f"{scores['ece']:.4f}",
        show_alone(scores),
        show_chance(scores),
        f"{scores['base_rate']:.3f}",
        f"{scores['n']:,}",
        *(f"{rival['brier']:.4f}" for rival in scores["rivals"].values()),
    ]


def _format_line(target: str, scores: Mapping[str, Any]) -> str:
    interval = f"{scores['brier_low']:.4f}..{scores['brier_high']:.4f}"
    cells = (
        target,
        f"{scores['brier']:.5f}",
        interval,
        _format(scores["skill"]),
        _format(scores["auc"]),
        f"{scores['ece']:.4f}",
        show_alone(scores),
        show_chance(scores),
        f"{scores['n']}",
        f"{scores['base_rate']:.3f}",
        "",
    )
    rivals = "  ".join(f"{name} {one['brier']:.5f}" for name, one in scores["rivals"].items())
    return "".join(f"{c:>{width}}" for c, width in zip(cells, WIDTHS, strict=True)) + rivals


def show_chance(scores: Mapping[str, Any]) -> str:
    """The calibration error that chance makes, and how often it makes one as large as this.

    Scores that were recorded by an older release may lack it.
    """
    if "ece_p_value" not in scores:
        return "-"
    return f"{scores['ece_by_chance']:.4f} (p {scores['ece_p_value']:.2f})"


def show_alone(scores: Mapping[str, Any]) -> str:
    """The model's own calibration error, where it was recorded."""
    alone = scores["rivals"].get(MODEL_ALONE)
    return f"{alone['ece']:.4f}" if alone else "-"


def _format(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def join_row(cells: Sequence[str]) -> str:
    """One row of a Markdown table."""
    return f"| {' | '.join(cells)} |"
