"""A feed of an authority's warnings: where it is, whether it is asked, and how that goes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
    URLValidator,
)
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from weatherapp.models.place_checks import check_country

SHORTEST_S, LONGEST_S = 60, 3600  # between two polls
WORDS_AT_MOST = 300  # characters
# A source that failed is asked again at its own pace, and then ever more rarely.
SILENT_AFTER = timedelta(minutes=30)
POLLS_MISSED = 3
MARK_AT_MOST = 500  # characters of a version's mark, as of weatherapp/net/reply.py

is_of_the_web = URLValidator(schemes=["http", "https"])


class SourceKind(models.TextChoices):
    """What a feed's document is."""

    CAP_FEED = "cap_feed", _("CAP: Atom, RSS, EDXL, or alone")
    METEOALARM_ATOM = "meteoalarm_atom", _("MeteoAlarm, Atom")
    METEOALARM_JSON = "meteoalarm_json", _("MeteoAlarm, JSON")
    NWS = "nws", _("US National Weather Service, JSON")
    DWD_ZIP = "dwd_zip", _("Deutscher Wetterdienst, zip of CAP")


class SourceState(models.TextChoices):
    """Only what is on is ever asked. What the others but those by hand said no longer holds."""

    OFF = "off", _("off")
    SUGGESTED = "suggested", _("suggested")
    ON = "on", _("on")
    BY_HAND = "by_hand", _("filled by hand")


class PollProblem(models.TextChoices):
    """Why the last poll was not a whole, good one. None of them means that there are no warnings."""

    UNREACHABLE = "unreachable", _("cannot be reached")
    TOO_SLOW = "too_slow", _("does not answer in time")
    TRUNCATED = "truncated", _("the answer was cut off")
    TOO_LARGE = "too_large", _("the answer is larger than is taken")
    GARBLED = "garbled", _("the answer is no HTTP, or is packed wrongly")
    WRONG_ADDRESS = "wrong_address", _("the address is wrong")
    FORBIDDEN = "forbidden", _("the address leads into a network that is not public")
    REFUSED = "refused", _("refuses to answer")
    GONE = "gone", _("there is nothing at the address")
    BUSY = "busy", _("asks to be left alone for a while")
    SERVER_ERROR = "server_error", _("the server has failed")
    ODD_STATUS = "odd_status", _("an answer that was not asked for")
    EMPTY = "empty", _("the answer is empty")
    NOT_READ = "not_read", _("the answer holds no warnings' document")
    PARTLY_READ = "partly_read", _("some of its warnings cannot be read")
    INCOMPLETE = "incomplete", _("its documents are still being fetched")
    LINKS_FAILED = "links_failed", _("some of its documents cannot be fetched")
    OWN_FAULT = "own_fault", _("a fault of this site")


class WarningSourceQuerySet(models.QuerySet["WarningSource"]):
    def on(self) -> WarningSourceQuerySet:
        return self.filter(state=SourceState.ON)

    def heard(self) -> WarningSourceQuerySet:
        """What they said holds."""
        return self.filter(state__in=[SourceState.ON, SourceState.BY_HAND])

    def due(self, now: datetime) -> WarningSourceQuerySet:
        """On, their time has come, and nobody holds them."""
        return self.on().filter(
            Q(next_poll_at__isnull=True) | Q(next_poll_at__lte=now),
            Q(claimed_until__isnull=True) | Q(claimed_until__lte=now),
        )

    def claim_due(self, *, now: datetime, lease: timedelta, limit: int) -> list[int]:
        """Take up to `limit` due sources for `lease`; their ids. None is taken twice.

        PostgreSQL skips rows that another claim holds; on SQLite claims queue up (settings).
        """
        due = self.due(now).order_by("next_poll_at", "pk")
        if not due.exists():
            return []
        with transaction.atomic():
            rows = due
            if connection.features.has_select_for_update_skip_locked:
                rows = due.select_for_update(skip_locked=True)
            ids = list(rows.values_list("pk", flat=True)[:limit])
            self.filter(pk__in=ids).update(claimed_until=now + lease)
        return ids

    def take_up(
        self, source_id: int, claim: datetime, *, now: datetime, lease: timedelta
    ) -> WarningSource | None:
        """The source, now held by whoever calls; None where the claim is no longer the one in force.

        It need not be on: an operator may try one that is not.

        A message that is delivered twice finds its claim changed by the first.
        """
        held = self.filter(pk=source_id, claimed_until=claim)
        if not held.update(claimed_until=now + lease):
            return None
        return self.get(pk=source_id)


class WarningSource(models.Model):
    """A row an entry of the catalogue, or an operator's own.

    Of an entry of the catalogue each release may correct what it says; `own_address` and
    `own_interval_s` are the operator's, and go before.
    """

    key = models.CharField(
        _("key"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*\Z", _("Small letters, digits and -."))],
        help_text=_("A short name that stays, in small letters, for example ie-met-en."),
    )
    is_own = models.BooleanField(
        _("is own"),
        default=True,
        editable=False,
        help_text=_("Made by an operator, and not from the catalogue."),
    )
    is_listed = models.BooleanField(
        _("is listed"),
        default=True,
        editable=False,
        help_text=_("The catalogue of this release still has it."),
    )
    issuer = models.CharField(_("issuer"), max_length=120)
    countries = models.CharField(
        _("countries"),
        max_length=80,
        blank=True,
        help_text=_("Two letters each, ISO 3166, with blanks between; empty: the world."),
    )
    language = models.CharField(
        _("language"), max_length=3, blank=True, help_text=_("The feed's first language.")
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=SourceKind, default=SourceKind.CAP_FEED
    )
    address = models.URLField(_("address"), max_length=500, validators=[is_of_the_web])
    interval_s = models.PositiveIntegerField(
        _("interval"),
        default=600,
        validators=[MinValueValidator(SHORTEST_S), MaxValueValidator(LONGEST_S)],
        help_text=_("Seconds between two polls, 60 to 3,600."),
    )
    licence = models.CharField(
        _("licence"),
        max_length=40,
        default="unknown",
        help_text=_("Under which its warnings may be shown; unknown: ask the issuer."),
    )
    attribution = models.CharField(
        _("attribution"), max_length=200, help_text=_("The line that stands with its warnings.")
    )
    own_address = models.URLField(
        _("own address"),
        max_length=500,
        blank=True,
        validators=[is_of_the_web],
        help_text=_("Asked in place of the catalogue's, where it has moved."),
    )
    own_interval_s = models.PositiveIntegerField(
        _("own interval"),
        null=True,
        blank=True,
        validators=[MinValueValidator(SHORTEST_S), MaxValueValidator(LONGEST_S)],
        help_text=_("Seconds, in place of the catalogue's interval."),
    )
    most_mb = models.PositiveSmallIntegerField(
        _("largest answer"),
        default=32,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("In MB, unpacked: a larger one is a failure, and never read in part."),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=SourceState, default=SourceState.OFF
    )
    decided_at = models.DateTimeField(
        _("decided at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When an operator last switched it; from then on it is not suggested."),
    )

    # How polling goes. Times by the real clock.
    next_poll_at = models.DateTimeField(_("next poll"), null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(_("held until"), null=True, blank=True, editable=False)
    polled_at = models.DateTimeField(_("last poll"), null=True, blank=True, editable=False)
    succeeded_at = models.DateTimeField(
        _("last success"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The last poll that was whole, or said that nothing has changed."),
    )
    failed_at = models.DateTimeField(_("last failure"), null=True, blank=True, editable=False)
    problem = models.CharField(
        _("problem"), max_length=20, choices=PollProblem, blank=True, editable=False
    )
    problem_words = models.CharField(
        _("problem in words"), max_length=WORDS_AT_MOST, blank=True, editable=False
    )
    failures = models.PositiveIntegerField(
        _("failures"), default=0, editable=False, help_text=_("Since the last success.")
    )
    in_force = models.PositiveIntegerField(
        _("in force"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Its warnings that are in force; empty: not known."),
    )
    # For the next question. Kept only of a poll that was whole.
    etag = models.CharField("ETag", max_length=MARK_AT_MOST, blank=True, editable=False)
    last_modified = models.CharField(
        "Last-Modified", max_length=MARK_AT_MOST, blank=True, editable=False
    )
    read_with = models.CharField(
        _("version of the reader"),
        max_length=10,
        blank=True,
        editable=False,
        help_text=_("Which read the last body; a newer one reads it again."),
    )
    # Of the body that came last, whatever became of its links.
    body_at = models.DateTimeField(_("last new body"), null=True, blank=True, editable=False)
    body_sha256 = models.CharField("SHA-256", max_length=64, blank=True, editable=False)
    body_bytes = models.PositiveIntegerField(_("bytes"), null=True, blank=True, editable=False)

    objects = WarningSourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source of warnings")
        verbose_name_plural = _("sources of warnings")
        ordering = ["key"]
        indexes = [models.Index(fields=["state", "next_poll_at"], name="warning_source_due")]

    def __str__(self) -> str:
        return f"{self.issuer} ({self.key})" if self.issuer else self.key

    def clean(self) -> None:
        """Countries in one form."""
        codes = self.countries.upper().replace(",", " ").split()
        for code in codes:
            try:
                check_country(code)
            except ValidationError as error:
                raise ValidationError({"countries": error}) from error
        self.countries = " ".join(dict.fromkeys(codes))

    @property
    def asked_address(self) -> str:
        return self.own_address or self.address

    @property
    def asked_every(self) -> timedelta:
        return timedelta(seconds=self.own_interval_s or self.interval_s)

    @property
    def longest_silence(self) -> timedelta:
        """After which what it said last may no longer hold."""
        return max(SILENT_AFTER, POLLS_MISSED * self.asked_every)

    def age(self, now: datetime) -> timedelta | None:
        """Of what is known of its warnings; None where nothing ever was, or a clock was wrong."""
        at = self.succeeded_at
        return None if at is None or at > now else now - at
