"""A watched place: where it is, where its weather comes from, when it is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from weatherapp.domain.spans import HOUR
from weatherapp.models.folded_name import FoldedNameField
from weatherapp.models.place_checks import check_country, check_time_zone
from weatherapp.models.place_rows import PlaceQuerySet
from weatherapp.models.scene import Scene
from weatherapp.models.slugs import add_words
from weatherapp.models.tag import Tag

# A place that is fetched more rarely is without data in between.
LONGEST_BELIEVED_HOURS = 6


class SourceName(models.TextChoices):
    OPEN_METEO = "open_meteo", _("Open-Meteo")
    REPLAY = "replay", _("Replay of past weather")


class Place(models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True)
    folded_name = FoldedNameField(
        _("name for searching"), max_length=240, blank=True, editable=False, default=""
    )
    latitude = models.FloatField(
        _("latitude"),
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("Degrees north, -90 to 90."),
    )
    longitude = models.FloatField(
        _("longitude"),
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text=_("Degrees east, -180 to 180."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        validators=[check_time_zone],
        help_text=_("IANA name."),
    )
    source = models.CharField(
        _("source"),
        max_length=20,
        choices=SourceName,
        blank=True,
        help_text=_("Where its weather comes from; empty: as the site's WEATHER_SOURCE says."),
    )
    station = models.CharField(
        _("station"),
        max_length=20,
        blank=True,
        help_text=_("The replay's station, for example JFK."),
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        validators=[check_country],
        help_text=_("Two letters, ISO 3166, for example IE."),
    )
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), blank=True, related_name="tagged")
    is_active = models.BooleanField(
        _("is active"), default=True, help_text=_("Inactive places are not refreshed.")
    )

    # The refresh schedule, by the real clock.
    next_refresh_at = models.DateTimeField(
        _("next fetch at"), null=True, blank=True, editable=False
    )
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True, editable=False)
    refresh_hours = models.PositiveSmallIntegerField(
        _("hours between fetches"),
        default=1,
        db_default=1,
        editable=False,
        help_text=_("It is fetched each so many hours: see intake/need.py."),
    )
    is_needed_hourly = models.BooleanField(
        _("needed hourly"),
        default=False,
        db_default=False,
        editable=False,
        help_text=_("Something is or may soon be up, or somebody subscribes. As last looked at."),
    )
    cell = models.CharField(
        _("cell"),
        max_length=80,
        blank=True,
        db_default="",
        editable=False,
        help_text=_("Places with the same one get the same weather; empty: not known."),
    )
    fetched_at = models.DateTimeField(
        _("fetched at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Last fetch that brought readings."),
    )
    fetch_failed_at = models.DateTimeField(
        _("fetch failed at"), null=True, blank=True, editable=False
    )
    fetch_error = models.CharField(
        _("error of the fetch"),
        max_length=500,
        blank=True,
        editable=False,
        help_text=_("Why the last fetch failed, if it did."),
    )
    fetch_problem = models.CharField(
        _("problem of the fetch"),
        max_length=20,
        blank=True,
        db_default="",
        editable=False,
        help_text=_("The same as a code: see domain/source_problem.py."),
    )
    fetch_failures = models.PositiveIntegerField(
        _("failed fetches"),
        default=0,
        editable=False,
        help_text=_("Failed fetches since the last good one."),
    )
    backfilled_at = models.DateTimeField(
        _("past stored at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When the days before its first fetch were stored; empty: still to be done."),
    )
    next_backfill_at = models.DateTimeField(
        _("past asked for next at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Until then they are not asked for again."),
    )

    moved_at = models.DateTimeField(
        _("moved at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Since when its weather comes from where it is now; empty: it never moved."),
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="place_latitude_in_range", condition=Q(latitude__gte=-90, latitude__lte=90)
            ),
            models.CheckConstraint(
                name="place_longitude_in_range",
                condition=Q(longitude__gte=-180, longitude__lte=180),
            ),
        ]
        indexes = [
            models.Index(fields=["is_active", "next_refresh_at"], name="place_due"),
            models.Index(fields=["cell"], name="place_cell", condition=~Q(cell="")),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("place", args=[add_words(self.pk, self.name)])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def source_name(self) -> str:
        """The source in force: the place's own, else the site's."""
        return self.source or settings.WEATHER_SOURCE

    def forget_weather(self, *, now: datetime) -> None:
        """After a move: nothing that was read or learned elsewhere stays, and all is due at once.

        Call it in the transaction that has stored the move: that holds the row, so that no fetch
        from elsewhere is stored behind it.
        """
        self.readings.all().delete()
        self.source_forecasts.all().delete()
        self.calibrations.all().delete()
        if hasattr(self, "week_forecast"):
            self.week_forecast.delete()
        self.skill_counts.all().delete()
        self.rule_skills.all().delete()
        if hasattr(self, "climate"):
            self.climate.delete()
        if hasattr(self, "scoring_progress"):
            self.scoring_progress.climatology = None
            self.scoring_progress.save(update_fields=["climatology"])
        Place.objects.filter(pk=self.pk).update(
            moved_at=now,
            next_refresh_at=None,
            claimed_until=None,
            refresh_hours=1,
            cell="",
            backfilled_at=None,
            next_backfill_at=None,
        )

    @property
    def fresh_longer(self) -> timedelta:
        """Facts of a place that is fetched rarely are believed for as much longer."""
        return (min(self.refresh_hours, LONGEST_BELIEVED_HOURS) - 1) * HOUR

    @property
    def is_replay(self) -> bool:
        return self.source_name == SourceName.REPLAY

    def clock(self, now: datetime) -> datetime:
        """What time it is at this place when the real time is `now`: replays live in the past."""
        if not self.is_replay:
            return now
        scene = Scene.objects.first()
        return scene.time_at(now) if scene else now


def read_clocks(places: Sequence[Place], *, now: datetime) -> dict[int, datetime]:
    """By place id, as Place.clock; one query at most, for the scene that all replays share."""
    scene = Scene.objects.first() if any(place.is_replay for place in places) else None
    return {place.pk: scene.time_at(now) if place.is_replay and scene else now for place in places}
