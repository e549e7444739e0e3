"""Lighthouse, as on a phone: full marks, and light over the wire."""

from __future__ import annotations

import pytest

from tests.browser import lighthouse

# Bytes over the wire, with all that a page needs.
MOST_BYTES = {"/": 60_000, "/places/1/": 80_000, "/alerts/1/": 60_000}


@pytest.mark.parametrize("path", MOST_BYTES)
def test_full_marks_and_few_bytes(base_url, path):
    """The score of performance is printed: beside other tests it says how busy the machine is."""
    found = lighthouse.judge(f"{base_url}{path}")
    print(path, found)  # noqa: T201 - shown when the test fails, or with -rP

    judged = {name: found.scores[name] for name in ("accessibility", "best-practices", "seo")}
    assert judged == dict.fromkeys(judged, 100), found.complaints
    assert found.transferred_bytes <= MOST_BYTES[path]
    assert len(found.blocking) == 1, found.blocking
