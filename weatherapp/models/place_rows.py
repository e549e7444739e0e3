"""Places, several at once: those that are due, claimed so that no two do the same work, or held."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection, models, transaction
from django.db.models import Q

from weatherapp.domain.spans import floor_hour

if TYPE_CHECKING:
    from weatherapp.models.place import Place

# What decides which weather a place gets: after a change of it the old weather is of elsewhere.
WHERE = ("latitude", "longitude", "source", "station")


class PlaceQuerySet(models.QuerySet["Place"]):
    def active(self) -> PlaceQuerySet:
        return self.filter(is_active=True)

    def due(self, now: datetime) -> PlaceQuerySet:
        """Active places whose time has come and that nobody holds."""
        return self.active().filter(
            Q(next_refresh_at__isnull=True) | Q(next_refresh_at__lte=now),
            Q(claimed_until__isnull=True) | Q(claimed_until__lte=now),
        )

    def claim_due(self, *, now: datetime, lease: timedelta, limit: int) -> list[int]:
        """Take up to `limit` due places for `lease`; their ids. No place is taken twice.

        Those that get the same weather come along, up to as many again: they cost no call.
        PostgreSQL skips rows that another claim holds; on SQLite the transaction begins with the
        write lock (settings), so claims queue up.
        """
        due = self.due(now).order_by("next_refresh_at", "pk")
        with transaction.atomic():
            taken = dict(due._skip_locked().values_list("pk", "cell")[:limit])
            mates = self._list_mates(set(taken.values()) - {""}, now).exclude(pk__in=taken)
            ids = [*taken, *mates._skip_locked().values_list("pk", flat=True)[:limit]]
            self.filter(pk__in=ids).update(claimed_until=now + lease)
        return ids

    def claim_young(self, *, now: datetime, pause: timedelta, limit: int) -> list[int]:
        """Take up to `limit` places whose past is still to be fetched; each once in a `pause`.

        Those that have brought readings: what refuses the present hour refuses the past as well.
        """
        young = (
            self.active()
            .filter(backfilled_at__isnull=True, fetched_at__isnull=False, fetch_failures=0)
            .filter(Q(next_backfill_at__isnull=True) | Q(next_backfill_at__lte=now))
            .order_by("pk")
        )
        return self._claim(young, limit=limit, next_backfill_at=now + pause)

    def hold_unmoved(self, place: Place) -> bool:
        """Lock the row until the transaction ends; False where it is elsewhere, or gone, by now."""
        return bool(self.hold_all_unmoved([place]))

    def hold_all_unmoved(self, places: Sequence[Place]) -> list[Place]:
        """Lock their rows until the transaction ends; those that are not elsewhere, or gone, by now.

        In one order, so that two who hold several do not wait for each other.
        """
        rows = self.select_for_update().filter(pk__in=[place.pk for place in places])
        where = {pk: at for pk, *at in rows.order_by("pk").values_list("pk", *WHERE)}
        return [
            place
            for place in places
            if where.get(place.pk) == [getattr(place, name) for name in WHERE]
        ]

    def _claim(self, rows: PlaceQuerySet, *, limit: int, **claim: datetime) -> list[int]:
        with transaction.atomic():
            ids = list(rows._skip_locked().values_list("pk", flat=True)[:limit])
            self.filter(pk__in=ids).update(**claim)
        return ids

    def _skip_locked(self) -> PlaceQuerySet:
        if connection.features.has_select_for_update_skip_locked:
            return self.select_for_update(skip_locked=True)
        return self

    def _list_mates(self, cells: Collection[str], now: datetime) -> PlaceQuerySet:
        """Those of the cells that nobody holds, and that have nothing of this hour yet."""
        if not cells:
            return self.none()
        return (
            self.active()
            .filter(cell__in=cells, fetch_failures=0, fetched_at__lt=floor_hour(now))
            .filter(Q(claimed_until__isnull=True) | Q(claimed_until__lte=now))
            .order_by("pk")
        )
