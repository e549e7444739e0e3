"""What a try on the past asks the predictor: hours that it was never asked about."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from weatherapp.models.backtest import UNFINISHED, BacktestStretch


class BacktestQuestionQuerySet(models.QuerySet["BacktestQuestion"]):
    def of(self, backtest_id: int) -> BacktestQuestionQuerySet:
        return self.filter(stretch__backtest_id=backtest_id)

    def open(self) -> BacktestQuestionQuerySet:
        """Those whose answer somebody still wants."""
        return self.filter(answered_at=None, stretch__backtest__state__in=UNFINISHED)


class BacktestQuestion(models.Model):
    """One window, and the model's own answer: never a prediction of the site, and gone with its try.

    Answered without probabilities: there is no answer, and `error` says why.
    """

    stretch = models.ForeignKey(BacktestStretch, on_delete=models.CASCADE, related_name="questions")
    window_end_at = models.DateTimeField(help_text=_("By the place's clock."))
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=80, blank=True)
    hourly_probability = models.JSONField(null=True, blank=True)
    probability_any_6h = models.FloatField(null=True, blank=True)
    probability_any_24h = models.FloatField(null=True, blank=True)

    objects = BacktestQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["stretch", "window_end_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["stretch", "window_end_at"], name="one_question_an_hour"
            ),
            models.CheckConstraint(
                name="question_is_answered_wholly_or_not",
                condition=Q(
                    hourly_probability__isnull=True,
                    probability_any_6h__isnull=True,
                    probability_any_24h__isnull=True,
                )
                | Q(
                    answered_at__isnull=False,
                    error="",
                    hourly_probability__isnull=False,
                    probability_any_6h__range=(0, 1),
                    probability_any_24h__range=(0, 1),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stretch_id} after {self.window_end_at:%Y-%m-%d %H:%M}"
