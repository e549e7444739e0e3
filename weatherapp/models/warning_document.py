"""A CAP document that a feed of warnings links to: fetched once a version."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from weatherapp.models.warning_source import MARK_AT_MOST, PollProblem, WarningSource


class WarningDocument(models.Model):
    source = models.ForeignKey(
        WarningSource,
        on_delete=models.CASCADE,
        related_name="documents",
        verbose_name=_("source of warnings"),
    )
    address = models.CharField(_("address"), max_length=2000)
    version = models.CharField(
        _("version"),
        max_length=100,
        blank=True,
        help_text=_("As the feed marks it, for example by a time; another one is fetched again."),
    )
    etag = models.CharField("ETag", max_length=MARK_AT_MOST, blank=True)
    last_modified = models.CharField("Last-Modified", max_length=MARK_AT_MOST, blank=True)
    fetched_at = models.DateTimeField(_("fetched at"), null=True, blank=True)
    tried_at = models.DateTimeField(_("tried at"))
    listed_at = models.DateTimeField(_("listed at"), help_text=_("Last seen in the feed."))
    problem = models.CharField(_("problem"), max_length=20, choices=PollProblem, blank=True)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    body_sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    body_bytes = models.PositiveIntegerField(_("bytes"), null=True, blank=True)

    class Meta:
        verbose_name = _("document of warnings")
        verbose_name_plural = _("documents of warnings")
        ordering = ["source", "address"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "address"], name="one_document_a_source_and_address"
            )
        ]

    def __str__(self) -> str:
        return self.address
