"""The documents, the dashboard and the alert rules speak of metrics that exist, and of all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests import ROOT
from weatherapp.operations.metrics.catalogue import FAMILIES
from weatherapp.operations.metrics.families import Family, Kind

DOCS = ROOT / "docs"
NAME = re.compile(r"\b(?:weatheralert|process)_[a-z_]+\b")
MATCHERS = re.compile(r"(\w+)\{([^}]*)\}")
LABEL = re.compile(r'(\w+)=~?"')
FROM_PROMETHEUS = {"job", "instance"}  # labels that the scrape adds
BY_SAMPLE = {
    f"{family.name}{suffix}": family
    for family in FAMILIES
    for suffix in (("_bucket", "_sum", "_count") if family.kind is Kind.HISTOGRAM else ("",))
}


def list_rules() -> list[dict[str, Any]]:
    content = yaml.safe_load((DOCS / "grafana" / "alerts.yml").read_text())
    return [rule for group in content["groups"] for rule in group["rules"]]


def read_dashboard() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DOCS / "grafana" / "weatheralert.json").read_text())
    return content


def list_expressions() -> Iterator[str]:
    for rule in list_rules():
        yield rule["expr"]
    for panel in read_dashboard()["panels"]:
        for target in panel.get("targets", ()):
            yield target["expr"]


def test_the_document_tells_every_metric_as_the_code_has_it():
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*?) ?\| (.+) \|$", read("metrics.md"), re.M)

    assert [
        (name, kind, tuple(re.findall(r"\w+", labels)), text) for name, kind, labels, text in rows
    ] == [(family.name, family.kind.value, family.labels, family.help) for family in FAMILIES]


def read(name: str) -> str:
    return (DOCS / name).read_text()


@pytest.mark.parametrize("expression", sorted(set(list_expressions())))
def test_an_expression_uses_what_exists(expression):
    named = set(NAME.findall(expression))

    assert named or expression.startswith("up{")
    assert named <= set(BY_SAMPLE)
    for name, matchers in MATCHERS.findall(expression):
        family: Family | None = BY_SAMPLE.get(name)
        known = {*family.labels, *FROM_PROMETHEUS} if family else FROM_PROMETHEUS
        assert set(LABEL.findall(matchers)) <= known
    assert expression.count("(") == expression.count(")")


def test_every_metric_of_the_site_is_on_the_dashboard_or_behind_an_alert():
    shown = set(NAME.findall(" ".join(list_expressions())))
    unseen = {
        "weatheralert_build_info",  # where the dashboard's jobs come from
        "weatheralert_metrics_read_seconds",
        "weatheralert_database_up",
        "weatheralert_redis_up",  # both are findings
        "weatheralert_tick_failed",
        "process_cpu_seconds_total",
        "process_start_time_seconds",
        "process_open_fds",
    }

    assert {BY_SAMPLE[name].name for name in shown} | unseen == {f.name for f in FAMILIES}


def test_every_alert_says_what_is_wrong_and_how_bad_it_is():
    rules = list_rules()

    assert len({rule["alert"] for rule in rules}) == len(rules) > 10
    for rule in rules:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"].endswith(".")
        assert re.fullmatch(r"\d+m", rule.get("for", "0m"))


def test_panels_do_not_overlap_and_have_numbers_of_their_own():
    panels = read_dashboard()["panels"]
    cells = [
        (x, y)
        for grid in (panel["gridPos"] for panel in panels)
        for x in range(grid["x"], grid["x"] + grid["w"])
        for y in range(grid["y"], grid["y"] + grid["h"])
    ]

    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < 24
    assert len({panel["id"] for panel in panels}) == len(panels)


def test_the_dashboard_asks_the_data_source_that_its_reader_chooses():
    dashboard = read_dashboard()
    variables = {variable["name"] for variable in dashboard["templating"]["list"]}

    assert variables == {"datasource", "job"}
    for panel in dashboard["panels"]:
        if panel["type"] != "row":
            assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
