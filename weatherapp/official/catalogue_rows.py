"""The catalogue's entries as rows, and which of them are suggested."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db.models import Q

from weatherapp.models import Place, SourceName, SourceState, WarningSource
from weatherapp.official.catalogue import Entry, read_catalogue
from weatherapp.official.switching import FORGOTTEN

# What a release may correct in a row.
CORRECTED = (
    "issuer",
    "countries",
    "language",
    "kind",
    "address",
    "interval_s",
    "licence",
    "attribution",
)


def store_catalogue() -> None:
    """A row an entry; safe to call twice, and one query where nothing is to be done.

    An entry that a release has dropped keeps its row, as no longer listed: it may be on.
    """
    entries = {entry.key: entry for entry in read_catalogue()}
    rows = {row.key: row for row in WarningSource.objects.all()}
    new = [_make_row(entry) for key, entry in entries.items() if key not in rows]
    if new:
        WarningSource.objects.bulk_create(new, ignore_conflicts=True)
    for key, row in rows.items():
        if not row.is_own and (changed := _find_changed(row, entries.get(key))):
            WarningSource.objects.filter(pk=row.pk).update(**changed)


def suggest() -> None:
    """Of what nobody has decided about: suggest the sources of the countries that have places."""
    countries = _list_countries() if settings.WARNING_SOURCES_SUGGESTED else set()
    undecided = WarningSource.objects.filter(is_own=False, decided_at__isnull=True).exclude(
        state=SourceState.ON
    )
    wanted: dict[SourceState, list[int]] = {SourceState.OFF: [], SourceState.SUGGESTED: []}
    for row in undecided:
        state = _find_state(row, countries)
        if state != row.state:
            wanted[state].append(row.pk)
    for state, ids in wanted.items():
        if ids:  # an operator may have decided in between
            undecided.filter(pk__in=ids, decided_at__isnull=True).update(state=state)


def _find_state(row: WarningSource, countries: Collection[str]) -> SourceState:
    covers = row.is_listed and not set(row.countries.split()).isdisjoint(countries)
    return SourceState.SUGGESTED if covers else SourceState.OFF


def _list_countries() -> set[str]:
    """Of active places whose weather is real: a replay's past has no warnings of today."""
    sources = [SourceName.OPEN_METEO.value]
    if settings.WEATHER_SOURCE == SourceName.OPEN_METEO:
        sources.append("")
    places = Place.objects.active().filter(~Q(country=""), source__in=sources).order_by()
    return set(places.values_list("country", flat=True).distinct())


def _make_row(entry: Entry) -> WarningSource:
    return WarningSource(key=entry.key, is_own=False, **_read_fields(entry))


def _read_fields(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in CORRECTED} | {
        "countries": " ".join(entry.countries)
    }


def _find_changed(row: WarningSource, entry: Entry | None) -> dict[str, Any]:
    if entry is None:
        return {"is_listed": False} if row.is_listed else {}
    says = _read_fields(entry) | {"is_listed": True}
    changed = {name: value for name, value in says.items() if getattr(row, name) != value}
    if "address" in changed and not row.own_address:
        changed |= FORGOTTEN
    return changed
