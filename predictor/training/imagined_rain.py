"""The rain of stations as other places might have had it, with the climate that goes with it.

From four climates a network learns to recognise those four, and trusts that more than what it is told
of a place. So it also learns from rain that was made rarer or more frequent: as a coarser gauge would
report it, without the spells that pass by in a rain shadow, with spells that came from elsewhere.
What is usual there (contract.CLIMATE) is measured of the same rain, and stays true.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from predictor import contract
from predictor.features import CONTEXT_NAMES, Floats
from predictor.training.cases import CLIMATE_DAYS, Cases, Indices, label_rain
from predictor.training.climate import HOURS_PER_DAY, RAIN_COLUMN, measure_climate

# Rarer and more frequent rain in balance: a network that mostly imagines drier places says too
# little at real ones.
COARSE_EDGES_MM = (0.3, 0.6, 1.2)  # the least hourly sum that such a gauge reports
SHADOW_SHARES = (0.3,)  # of the spells of rain pass by
EXTRA_SHARES = (0.25, 0.5, 1.0)  # as many spells more, with what falls in them, from another season
SPELL_GAP_HOURS = 6  # dry hours within one spell at most
EXTRA_DAYS = (40, 300)  # between an extra spell and its original
GUISES = 1 + len(COARSE_EDGES_MM) + len(SHADOW_SHARES) + len(EXTRA_SHARES)  # the first: as it was

SHARE_NAMES = ("wet_1h_share", "wet_6h_share", "wet_24h_share")
FIRST_SHARE = contract.CLIMATE_NAMES.index(SHARE_NAMES[0])
SHARES = slice(CONTEXT_NAMES.index(SHARE_NAMES[0]), CONTEXT_NAMES.index(SHARE_NAMES[-1]) + 1)


@dataclass(frozen=True, slots=True)
class ImaginedCases:
    """Cases in each of GUISES; `guise` (n,) picks of those."""

    cases: Cases
    rain_mm: Floats  # (rows, guises)
    shares: Floats  # (rows, guises, 3, 3): SHARE_NAMES up to this row, by guise and CLIMATE_DAYS

    def windows(self, ends: Indices, guise: Indices) -> Floats:
        """(n,) -> (n, 24, 6), oldest first."""
        windows = self.cases.windows(ends)
        hours = np.arange(1 - contract.WINDOW_HOURS, 1)
        windows[:, :, RAIN_COLUMN] = self.rain_mm[ends[:, None] + hours, guise[:, None]]
        return windows

    def context(self, ends: Indices, record: Indices, guise: Indices) -> Floats:
        """(n,) -> (n, 12), as Cases.context."""
        context = self.cases.context(ends, record)
        shares = self.shares[ends, guise, np.minimum(record, len(CLIMATE_DAYS) - 1)]
        context[:, SHARES] = np.where(np.isfinite(context[:, SHARES]), shares, np.nan)
        return context

    def targets(self, ends: Indices, guise: Indices) -> Floats:
        """(n,) -> (n, 26): 1 wet, 0 dry, NaN unknown."""
        hours = np.arange(1, contract.LEAD_HOURS + 1)
        return label_rain(self.rain_mm[ends[:, None] + hours, guise[:, None]])


def imagine_cases(cases: Cases, seed: int) -> ImaginedCases:
    """Station by station: neither spells nor climates reach into another one."""
    rain_mm = np.empty((len(cases.grid), GUISES), np.float32)
    shares = np.empty((len(cases.grid), GUISES, len(CLIMATE_DAYS), len(SHARE_NAMES)), np.float32)
    chosen = slice(FIRST_SHARE, FIRST_SHARE + len(SHARE_NAMES))
    for number in range(len(cases.station_names)):
        rows = cases.station_numbers == number
        values = cases.grid[rows].copy()
        imagined = imagine_rain(values[:, RAIN_COLUMN], np.random.default_rng([seed, number]))
        rain_mm[rows] = imagined
        for guise in range(GUISES):
            values[:, RAIN_COLUMN] = imagined[:, guise]
            climates = [measure_climate(values, days)[:, chosen] for days in CLIMATE_DAYS]
            shares[rows, guise] = np.stack(climates, axis=1)
    return ImaginedCases(cases, rain_mm, shares)


def imagine_rain(rain_mm: Floats, random: np.random.Generator) -> Floats:
    """One station's (hours,), NaN unknown -> (hours, GUISES); unknown stays unknown."""
    wet = np.isfinite(rain_mm) & (rain_mm >= contract.WET_EDGE_MM)
    spells = _number_spells(wet)
    count = int(spells.max(initial=0)) + 1
    edges = np.array(COARSE_EDGES_MM, dtype=np.float32)
    coarse = [np.where(rain_mm < edge, 0.0, rain_mm) for edge in edges]
    shadowed = [
        np.where(wet & (random.random(count) < share)[spells], 0.0, rain_mm)
        for share in SHADOW_SHARES
    ]
    extra = []
    for share in EXTRA_SHARES:
        repeated = np.where(wet & (random.random(count) < share)[spells], rain_mm, 0.0)
        moved = np.roll(repeated, HOURS_PER_DAY * int(random.integers(*EXTRA_DAYS)))
        extra.append(np.where(np.isfinite(rain_mm), np.maximum(rain_mm, moved), rain_mm))
    imagined: Floats = np.stack([rain_mm, *coarse, *shadowed, *extra], axis=1).astype(np.float32)
    return imagined


def _number_spells(wet: NDArray[np.bool_]) -> Indices:
    """(hours,): the number of the spell that each wet hour belongs to, from 0; 0 for dry hours."""
    hours = np.flatnonzero(wet)
    numbers = np.zeros(len(wet), dtype=np.int64)
    if hours.size:
        is_first = np.diff(hours, prepend=hours[0]) > SPELL_GAP_HOURS + 1
        numbers[hours] = np.cumsum(is_first)
    return numbers
