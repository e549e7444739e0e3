"""What a probability was made of, of the hours that a condition looked at. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from weatherapp.alerting.engine.facts import Prediction
from weatherapp.domain.conditions import Basis
from weatherapp.domain.spans import HOUR
from weatherapp.models import SourceName
from weatherapp.models.evidence import ConditionSeen


@dataclass(frozen=True, slots=True)
class SeenParts:
    """Sources say how likely rain is in each hour: so theirs is that of the likeliest hour."""

    model: float
    source: float | None  # None: it said nothing, and the model's is the site's
    source_name: str
    together: float


def find_parts(seen: ConditionSeen) -> SeenParts | None:
    """None where they are not known, or where it is of no probability."""
    parts, made_at = seen.parts, seen.made_at
    if parts is None or made_at is None or not seen.hours or seen.value is None:
        return None
    if seen.basis is not Basis.PROBABILITY:
        return None
    first, last = ((at - made_at) // HOUR for at in (seen.hours[0][0], seen.hours[-1][0]))
    if not 1 <= first <= last <= len(parts.hourly_probability):
        return None
    model = Prediction(
        made_at, parts.hourly_probability, parts.probability_any_6h, parts.probability_any_24h
    )
    blend = parts.blend
    theirs = blend.hourly_probability[first - 1 : last] if blend else ()
    return SeenParts(
        model=model.probability_any(first, last),
        source=max((value for value in theirs if value is not None), default=None),
        source_name=_name(blend.source) if blend else "",
        together=seen.value,
    )


def _name(source: str) -> str:
    return str(SourceName(source).label) if source in SourceName.values else source
