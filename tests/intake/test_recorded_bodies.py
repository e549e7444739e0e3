"""Real answers, recorded by others, next to this repository where they are there.

They were asked with other variables and units: each must parse, or be refused with a named error.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings

from tests.factories import NOON
from tests.intake.bodies import make_body, make_item, make_items
from weatherapp.domain.quantities import BY_NAME
from weatherapp.intake.open_meteo_body import VARIABLES, parse_body
from weatherapp.intake.source import SourceGarbledError, SourceRefusedError

RECORDED = Path(settings.BASE_DIR).parent / "shared" / "payloads" / "open-meteo"
# Without the folder these stand in for it.
BUILT_IN = {
    "built-in/one place": make_body(make_item(now=NOON)),
    "built-in/three places": make_body(*make_items(3, now=NOON)),
    "built-in/current weather only": b'{"latitude": 1, "current": {"temperature_2m": 3}}',
    "built-in/geocoding without a match": b'{"generationtime_ms": 0.3}',
    "built-in/refusal": b'{"error": true, "reason": "Invalid timezone"}',
}
BODIES = BUILT_IN | {
    str(path.relative_to(RECORDED)): path.read_bytes() for path in sorted(RECORDED.rglob("*.json"))
}


def has_asked_variables(answer: object) -> bool:
    """Whether anything of it could be used."""
    if not isinstance(answer, dict):
        return all(has_asked_variables(item) for item in answer)
    return any(variable.asked_as in answer.get("hourly", {}) for variable in VARIABLES)


@pytest.mark.parametrize("name", BODIES)
def test_a_recorded_body_parses_or_is_refused_by_name(name):
    answer = json.loads(BODIES[name])
    places = len(answer) if isinstance(answer, list) else 1
    if isinstance(answer, dict) and answer.get("error"):
        with pytest.raises(SourceRefusedError):
            parse_body(BODIES[name], places=places)
        return

    answers = parse_body(BODIES[name], places=places)

    garbled = [isinstance(hours, SourceGarbledError) for hours in answers]
    assert garbled == [not has_asked_variables(answer)] * places


@pytest.mark.parametrize(
    "name", [name for name in BODIES if has_asked_variables(json.loads(BODIES[name]))]
)
def test_a_recorded_forecast_becomes_plausible_hours_in_order(name):
    answer = json.loads(BODIES[name])
    first = answer[0] if isinstance(answer, list) else answer

    places = len(answer) if isinstance(answer, list) else 1
    answer = parse_body(BODIES[name], places=places)[0]

    assert len(answer.rows) == len(first["hourly"]["time"])
    assert list(answer.rows) == sorted(answer.rows)
    for key, column in answer.columns.items():
        assert all(value is None or BY_NAME[key].is_plausible(value) for value in column)


def test_the_recorded_bodies_are_all_there_or_none_is():
    """Says which it was: a folder that is there but was not read would pass unseen."""
    recorded = len(BODIES) - len(BUILT_IN)

    assert (recorded > 30) == RECORDED.is_dir()
