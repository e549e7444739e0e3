"""Metrics as Prometheus's own parsers read them."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.cache import cache
from prometheus_client import parser as plain_parser
from prometheus_client.openmetrics import parser as open_metrics_parser

TOKEN = "a-token-of-enough-letters"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
OPEN_METRICS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def parse(text: str, *, is_open_metrics: bool = False) -> Samples:
    """Name and labels -> value; none may come twice."""
    parser = open_metrics_parser if is_open_metrics else plain_parser
    found = list(_flatten(parser.text_string_to_metric_families(text)))
    samples = dict(found)

    assert len(samples) == len(found)
    return samples


def scrape(client) -> Samples:
    """Anew, whoever has asked before."""
    cache.clear()
    answer = client.get("/metrics", headers=BEARER)

    assert answer.status_code == 200
    return parse(answer.content.decode())


def _flatten(families) -> Iterator[tuple[tuple[str, tuple[tuple[str, str], ...]], float]]:
    for family in families:
        for sample in family.samples:
            yield (sample.name, tuple(sorted(sample.labels.items()))), sample.value


def value_of(samples: Samples, name: str, /, **labels: str) -> float | None:
    return samples.get((name, tuple(sorted(labels.items()))))
