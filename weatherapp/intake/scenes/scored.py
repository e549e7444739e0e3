"""How good the forecasts and alerts of the table's year were: counted beforehand by bench/scored_year.py."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SCORED_PATH = Path(__file__).parent / "scored_2013.json"


def load_scored() -> Mapping[str, Any]:
    """`stations` by code: `skill` by band, `rules` by key; `rules`: what each said then."""
    scored: Mapping[str, Any] = json.loads(SCORED_PATH.read_text(encoding="utf-8"))
    return scored
