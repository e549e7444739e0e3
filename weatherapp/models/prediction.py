"""What was asked of the predictor, and what it answered."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from weatherapp.domain import rain
from weatherapp.models.packed import PackedJSONField
from weatherapp.models.place import Place
from weatherapp.models.sent_window import SentWindow, parse_sent_window
from weatherapp.models.stored_blend import StoredBlend, parse_blend


class RequestState(models.TextChoices):
    WAITING = "WAITING", _("waiting for the predictor")
    ANSWERED = "ANSWERED", _("answered")
    REFUSED = "REFUSED", _("refused")
    EXPIRED = "EXPIRED", _("not answered in time")
    CANCELLED = "CANCELLED", _("cancelled")


class RequestOrigin(models.TextChoices):
    SCHEDULE = "SCHEDULE", _("hourly schedule")
    PERSON = "PERSON", _("people alone")


class RequestPriority(models.TextChoices):
    PEOPLE = "PEOPLE", _("somebody waits for it")
    SCHEDULE = "SCHEDULE", _("nobody waits for it")


class PredictionRequest(models.Model):
    """One question to the predictor; the row is the truth, the queue only carries it."""

    id = models.UUIDField(_("ID"), primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(
        Place,
        verbose_name=_("place"),
        on_delete=models.CASCADE,
        related_name="prediction_requests",
        db_index=False,  # request_newest begins with it
    )
    window_end_at = models.DateTimeField(
        _("readings until"), help_text=_("Last hour of the readings sent (place's clock).")
    )
    window = models.JSONField(
        _("what was sent"),
        null=True,
        blank=True,
        help_text=_(
            "What was sent: see predictor/contract.py. Empty until then, and again once it is "
            "two days old."
        ),
    )
    origin = models.CharField(
        _("asked for by"),
        max_length=10,
        choices=RequestOrigin,
        default=RequestOrigin.SCHEDULE,
        help_text=_("Who needs the answer. What people alone want goes when all of them cancel."),
    )
    priority = models.CharField(
        _("priority"),
        max_length=10,
        choices=RequestPriority,
        default=RequestPriority.SCHEDULE,
        help_text=_("Which queue it waits in."),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=RequestState, default=RequestState.WAITING
    )
    created_at = models.DateTimeField(_("created at"))
    sent_at = models.DateTimeField(
        _("sent at"),
        null=True,
        blank=True,
        help_text=_("When the queue took it; empty: it is still to be sent."),
    )
    expires_at = models.DateTimeField(_("expires at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    error = models.CharField(
        _("error"), max_length=80, blank=True, help_text=_("Name of the error, if refused.")
    )
    error_message = models.TextField(_("error message"), blank=True)

    class Meta:
        verbose_name = _("prediction request")
        verbose_name_plural = _("prediction requests")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "window_end_at"],
                condition=models.Q(state__in=["WAITING", "ANSWERED"]),
                name="one_live_request_an_hour",
            )
        ]
        indexes = [
            # Of the answered ones, which are nearly all, nobody asks by these.
            models.Index(
                fields=["state", "expires_at"],
                condition=models.Q(state__in=["WAITING", "EXPIRED", "REFUSED"]),
                name="request_overdue",
            ),
            models.Index(
                fields=["state", "priority", "sent_at"],
                condition=models.Q(state="WAITING"),
                name="request_queue",
            ),
            models.Index(fields=["created_at"], name="request_created"),
            models.Index(fields=["place", "-created_at"], name="request_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.place}, {self.window_end_at:%Y-%m-%d %H:%M}"

    def read_window(self) -> SentWindow:
        """Also what another release sent; empty where it is no longer kept."""
        if self.window is None:
            return SentWindow.empty()
        return parse_sent_window(self.window, f"request {self.pk}")


def _is_wholly_there_or_not(prefix: str, *beside: str) -> models.Q:
    """All of a kind of probabilities and what stands `beside` them, or none of it."""
    spans = (f"{prefix}_any_6h", f"{prefix}_any_24h")
    others = (f"{prefix}_hourly_probability", *beside)
    none = {f"{name}__isnull": True for name in (*others, *spans)}
    whole = {f"{name}__isnull": False for name in others} | {
        f"{name}__range": (0, 1) for name in spans
    }
    return models.Q(**none) | models.Q(**whole)


class Prediction(models.Model):
    """The predictor's answer: P(precipitation >= 0.1 mm) after `window_end_at`."""

    request = models.OneToOneField(
        PredictionRequest,
        verbose_name=_("request"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="prediction",
        help_text=_("Empty once it is a week old: then requests are forgotten."),
    )
    place = models.ForeignKey(
        Place,
        verbose_name=_("place"),
        on_delete=models.CASCADE,
        related_name="predictions",
        db_index=False,  # prediction_newest begins with it
    )
    window_end_at = models.DateTimeField(
        _("readings until"), help_text=_("Hour 1 of the prediction ends an hour later.")
    )
    # What the model says, as it came: the place's calibration learns from it.
    hourly_probability = PackedJSONField(
        _("hourly probability (model)"), help_text=_("24 values 0..1, hour 1 first.")
    )
    probability_any_6h = models.FloatField(_("probability within 6 h (model)"))
    probability_any_24h = models.FloatField(_("probability within 24 h (model)"))
    model_name = models.CharField(_("model"), max_length=80)
    model_version = models.CharField(_("model version"), max_length=80)
    # The model's, moved by the place's calibration of that hour; all empty where nothing was learned.
    calibrated_hourly_probability = PackedJSONField(
        _("hourly probability (calibrated)"), null=True, blank=True
    )
    calibrated_any_6h = models.FloatField(
        _("probability within 6 h (calibrated)"), null=True, blank=True
    )
    calibrated_any_24h = models.FloatField(
        _("probability within 24 h (calibrated)"), null=True, blank=True
    )
    # The site's own probabilities: the calibrated ones blended with the source's. All four are empty
    # where the source said nothing, and then the calibrated ones are the site's.
    blended_hourly_probability = PackedJSONField(
        _("hourly probability (blended)"), null=True, blank=True
    )
    blended_any_6h = models.FloatField(_("probability within 6 h (blended)"), null=True, blank=True)
    blended_any_24h = models.FloatField(
        _("probability within 24 h (blended)"), null=True, blank=True
    )
    blend = PackedJSONField(
        _("blend"),
        null=True,
        blank=True,
        help_text=_(
            "What it is made of: source, issued_at, hourly_probability (the source's, null "
            "where it says nothing) and weights (one object a band of lead times)."
        ),
    )
    elapsed_ms = models.FloatField(_("time taken (ms)"), help_text=_("Time in the predictor."))
    answered_at = models.DateTimeField(_("answered at"), help_text=_("Real time."))

    class Meta:
        verbose_name = _("prediction")
        verbose_name_plural = _("predictions")
        ordering = ["-window_end_at"]
        get_latest_by = "window_end_at"
        indexes = [models.Index(fields=["place", "-window_end_at"], name="prediction_newest")]
        constraints = [
            models.CheckConstraint(
                name="prediction_probabilities_in_range",
                condition=models.Q(probability_any_6h__gte=0, probability_any_6h__lte=1)
                & models.Q(probability_any_24h__gte=0, probability_any_24h__lte=1),
            ),
            models.CheckConstraint(
                name="prediction_calibrated_wholly_or_not",
                condition=_is_wholly_there_or_not("calibrated"),
            ),
            models.CheckConstraint(
                name="prediction_blended_wholly_or_not",
                condition=_is_wholly_there_or_not("blended", "blend"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}, {self.window_end_at:%Y-%m-%d %H:%M}"

    @property
    def raw(self) -> rain.RainProbability:
        """What the model alone says."""
        return rain.RainProbability(
            self.hourly_probability, self.probability_any_6h, self.probability_any_24h
        )

    @property
    def calibrated(self) -> rain.RainProbability:
        """The model's part of the blend: its own where nothing was learned of it."""
        near, far = self.calibrated_any_6h, self.calibrated_any_24h
        if self.calibrated_hourly_probability is None or near is None or far is None:
            return self.raw
        return rain.RainProbability(self.calibrated_hourly_probability, near, far)

    @property
    def site(self) -> rain.RainProbability:
        """What the site says: blended, else calibrated, else the model's own."""
        near, far = self.blended_any_6h, self.blended_any_24h
        if self.blended_hourly_probability is None or near is None or far is None:
            return self.calibrated
        return rain.RainProbability(self.blended_hourly_probability, near, far)

    def probability_within(self, hours: int) -> float:
        """The site's P(any wet hour among the next `hours`), 1..24."""
        return self.site.any_within(hours)

    def read_blend(self) -> StoredBlend | None:
        """Also what another release wrote; None where nothing was blended."""
        return parse_blend(self.blend, f"prediction {self.pk}")

    def read_window(self) -> SentWindow:
        """What it was made from; empty where that is no longer kept. Reads the request."""
        return self.request.read_window() if self.request else SentWindow.empty()

    @property
    def is_window_kept(self) -> bool:
        """Reads the request."""
        return self.request is not None and self.request.window is not None
