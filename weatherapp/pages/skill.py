"""How good the probabilities of rain were, by lead time: of one place, or of the whole site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from weatherapp.forecasting.blending.bands import BANDS, Band
from weatherapp.forecasting.scoring.skill import SkillSums
from weatherapp.forecasting.scoring.skill_rows import add_up
from weatherapp.models import SkillCount, SourceName
from weatherapp.pages.reliability import Reliability, draw_reliability

# Fewer say more about some weeks' weather than about the forecasts; rain comes in spells, and without
# some of it nothing was at stake.
HOURS_NEEDED = 300
WET_HOURS_NEEDED = 10


@dataclass(frozen=True, slots=True)
class PartScore:
    """`brier` 0 is perfect; `skill` 1 is perfect, 0 as good as climatology, None: not known."""

    brier: float
    skill: float | None


@dataclass(frozen=True, slots=True)
class BandScore:
    """Of lead times that are counted together; all parts speak of the same hours.

    `source` None: it spoke of too few of them.
    """

    band: Band
    hours: int
    wet_hours: int
    model: PartScore
    site: PartScore
    source: PartScore | None
    climatology_brier: float
    source_names: tuple[str, ...]

    @property
    def is_enough(self) -> bool:
        return is_enough(self.hours, self.wet_hours)


@dataclass(frozen=True, slots=True)
class Skill:
    """`hours` and `wet_hours` were observed; each was forecast at up to 24 lead times."""

    hours: int
    wet_hours: int
    since_at: datetime | None
    until_at: datetime | None
    skill: float | None  # of what the site said, all lead times together
    bands: tuple[BandScore, ...]
    reliability: Reliability

    @property
    def is_enough(self) -> bool:
        return is_enough(self.hours, self.wet_hours)

    @property
    def hours_needed(self) -> int:
        return HOURS_NEEDED

    @property
    def wet_hours_needed(self) -> int:
        return WET_HOURS_NEEDED

    @property
    def has_source(self) -> bool:
        return any(score.source for score in self.bands)

    @property
    def source_names(self) -> tuple[str, ...]:
        return tuple(sorted({name for score in self.bands for name in score.source_names}))

    @property
    def difference(self) -> float:
        """How much smaller the errors were than climatology's, or larger: 0 or more."""
        return abs(self.skill or 0.0)


def is_enough(hours: int, wet_hours: int) -> bool:
    return hours >= HOURS_NEEDED and wet_hours >= WET_HOURS_NEEDED


def read_skill(place_id: int | None) -> Skill:
    """None: of all places together. One query."""
    return make_skill(list(SkillCount.objects.filter(place=place_id)))


def make_skill(rows: Sequence[SkillCount]) -> Skill:
    """Of rows of one place, or of all together."""
    whole, lead_count = add_up(rows), BANDS[-1].last_lead_hours
    return Skill(
        hours=whole.cases // lead_count,
        wet_hours=whole.wet_cases // lead_count,
        since_at=whole.since_at,
        until_at=whole.until_at,
        skill=whole.skill(whole.site_squared_error),
        bands=tuple(score for band in BANDS if (score := _score_band(band, rows)) is not None),
        reliability=draw_reliability(whole.bins),
    )


def _score_band(band: Band, rows: Sequence[SkillCount]) -> BandScore | None:
    """With the source where it spoke of enough hours: then of those alone, or nothing compares."""
    ours = [row for row in rows if row.first_lead_hours == band.first_lead_hours]
    spoken = [row for row in ours if row.source]
    both = add_up(spoken)
    has_source = is_enough(both.cases // band.lead_count, both.wet_cases // band.lead_count)
    sums = both if has_source else add_up(ours)
    if not sums.cases:
        return None
    return BandScore(
        band=band,
        hours=sums.cases // band.lead_count,
        wet_hours=sums.wet_cases // band.lead_count,
        model=_score(sums, sums.model_squared_error),
        site=_score(sums, sums.site_squared_error),
        source=_score(sums, sums.source_squared_error) if has_source else None,
        climatology_brier=sums.climatology_squared_error / sums.cases,
        source_names=tuple(sorted({_name(row.source) for row in spoken})) if has_source else (),
    )


def _score(sums: SkillSums, squared_error: float) -> PartScore:
    return PartScore(squared_error / sums.cases, sums.skill(squared_error))


def _name(source: str) -> str:
    return str(SourceName(source).label) if source in SourceName.values else source
