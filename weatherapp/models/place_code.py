"""In which areas of the authorities a place is, by the codes that their warnings name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from weatherapp.models.place import Place


class PlaceCode(models.Model):
    """Looked up when the place is made or moved: a warning is then matched by comparing codes."""

    # The constraint's index begins with the place, too.
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="codes", db_index=False)
    scheme = models.CharField(
        max_length=20, help_text=_("The register, by the name that CAP's geocodes have.")
    )
    value = models.CharField(max_length=20)

    class Meta:
        ordering = ["place", "scheme", "value"]
        constraints = [
            models.UniqueConstraint(fields=["place", "scheme", "value"], name="place_code_once")
        ]
        # With the place, so that matching reads the index alone.
        indexes = [models.Index(fields=["scheme", "value", "place"], name="place_code_match")]

    def __str__(self) -> str:
        return f"{self.scheme} {self.value}"


class CodedPositionManager(models.Manager["CodedPosition"]):
    def find_uncoded(self, *, table_version: str, limit: int) -> list[Place]:
        """Places that are new or elsewhere by now, or whose codes are of another table."""
        is_coded = Q(
            coded_position__table_version=table_version,
            coded_position__latitude=F("latitude"),
            coded_position__longitude=F("longitude"),
        )
        coded = Place.objects.filter(is_coded).values("pk")
        return list(Place.objects.exclude(pk__in=coded).order_by("pk")[:limit])

    def store(
        self,
        codes: Mapping[Place, Sequence[tuple[str, str]]],
        *,
        table_version: str,
        now: datetime,
    ) -> None:
        """In the stead of what was stored; of places that were moved meanwhile nothing is."""
        with transaction.atomic():
            places = Place.objects.hold_all_unmoved(list(codes))
            PlaceCode.objects.filter(place__in=places).delete()
            PlaceCode.objects.bulk_create(
                PlaceCode(place=place, scheme=scheme, value=value)
                for place in places
                for scheme, value in codes[place]
            )
            self.bulk_create(
                (
                    CodedPosition(
                        place=place,
                        latitude=place.latitude,
                        longitude=place.longitude,
                        table_version=table_version,
                        coded_at=now,
                    )
                    for place in places
                ),
                update_conflicts=True,
                unique_fields=["place"],
                update_fields=["latitude", "longitude", "table_version", "coded_at"],
            )


class CodedPosition(models.Model):
    """Where a place was when its codes were looked up, and in which table. Also of those without."""

    place = models.OneToOneField(
        Place, on_delete=models.CASCADE, primary_key=True, related_name="coded_position"
    )
    latitude = models.FloatField()
    longitude = models.FloatField()
    table_version = models.CharField(max_length=16)
    coded_at = models.DateTimeField(help_text=_("Real time."))

    objects = CodedPositionManager()

    class Meta:
        ordering = ["place__name"]

    def __str__(self) -> str:
        return f"{self.place_id} by {self.table_version}"
