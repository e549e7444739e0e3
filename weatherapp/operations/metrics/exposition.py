"""Samples as text: Prometheus's 0.0.4 and OpenMetrics 1.0.

https://prometheus.io/docs/instrumenting/exposition_formats/ and
https://prometheus.io/docs/specs/om/open_metrics_spec/
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from weatherapp.operations.metrics.families import Family, Kind, Sample

PLAIN = "text/plain; version=0.0.4; charset=utf-8"
OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def write_samples(
    families: Iterable[Family], samples: Iterable[Sample], *, is_open_metrics: bool
) -> str:
    """In the order of `families`, the samples of each together; one without samples is left out."""
    by_name: dict[str, list[Sample]] = {}
    for sample in samples:
        by_name.setdefault(sample.family.name, []).append(sample)
    lines = [
        line
        for family in families
        if family.name in by_name
        for line in _write_family(family, by_name[family.name], is_open_metrics)
    ]
    if is_open_metrics:
        lines.append("# EOF")
    return "\n".join(lines) + "\n"


def _write_family(
    family: Family, samples: Iterable[Sample], is_open_metrics: bool
) -> Iterator[str]:
    # In OpenMetrics a counter's family lacks the ending of its samples.
    is_bare = is_open_metrics and family.kind is Kind.COUNTER
    name = family.name.removesuffix("_total") if is_bare else family.name
    yield f"# HELP {name} {_escape(family.help, quotes=is_open_metrics)}"
    yield f"# TYPE {name} {family.kind}"
    for sample in samples:
        yield f"{family.name}{sample.suffix}{_write_labels(sample)} {_write_number(sample.value)}"


def _write_labels(sample: Sample) -> str:
    pairs = list(zip(sample.family.labels, sample.labels, strict=True))
    if sample.upto is not None:
        pairs.append(("le", _write_number(float(sample.upto))))
    if not pairs:
        return ""
    return "{" + ",".join(f'{name}="{_escape(value, quotes=True)}"' for name, value in pairs) + "}"


def _escape(text: str, *, quotes: bool) -> str:
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n")
    return escaped.replace('"', '\\"') if quotes else escaped


def _write_number(value: float) -> str:
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return repr(value)
