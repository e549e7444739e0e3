"""axe-core's judgement of a page as it stands."""

from __future__ import annotations

from functools import cache

from playwright.sync_api import Page

from tests import ROOT

SOURCE = ROOT / "tests/browser/node_modules/axe-core/axe.min.js"
# Where colours are forced, the browser paints text and ground in the reader's own pair, while axe
# goes on reading the page's `-webkit-text-fill-color`: so it cannot judge contrast there.
RUN = """(only) => axe.run(document, {
    ...(only.length && {runOnly: {type: 'rule', values: only}}),
    resultTypes: ['violations'],
    rules: {'color-contrast': {enabled: !matchMedia('(forced-colors: active)').matches}},
})"""


@cache
def read_axe() -> str:
    return SOURCE.read_text()


def find_violations(page: Page, *only: str) -> list[str]:
    """A line each: which rule, how bad, and the element; `only` by these rules, if any are named."""
    page.evaluate(read_axe())
    return [
        f"{violation['id']} ({violation['impact']}): {' '.join(map(str, node['target']))}"
        for violation in page.evaluate(RUN, only)["violations"]
        for node in violation["nodes"]
    ]
