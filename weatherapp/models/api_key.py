"""A key of the API: what a program may do here. Whoever has it is the program; it is not kept."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

MARK = "wk"  # so that scanners and people see what it is
PREFIX_BYTES, SECRET_BYTES = 5, 32
LONGEST_KEY = 100


class Scope(models.TextChoices):
    """What a key allows. Reading needs none: a key that reads may only ask more often."""

    READ = "read", _("read, more often than without a key")
    PLACES = "places:write", _("make and change places")
    RULES = "rules:write", _("make and change rules")
    TICKETS = "tickets:write", _("ask for predictions, more often than without a key")


class ApiKeyManager(models.Manager["ApiKey"]):
    def make(
        self, *, name: str, scopes: Collection[str], now: datetime, created_by_id: int | None = None
    ) -> tuple[ApiKey, str]:
        """The row and the key itself, which nobody can read again."""
        prefix = f"{MARK}_{secrets.token_hex(PREFIX_BYTES)}"
        key = f"{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
        row = self.create(
            name=name,
            prefix=prefix,
            digest=hash_key(key),
            scopes=sorted(scopes),
            created_at=now,
            created_by_id=created_by_id,
        )
        return row, key

    def find(self, key: str) -> ApiKey | None:
        """None for what is no key, or was revoked. One query, by the hash: nothing to time."""
        if len(key) > LONGEST_KEY:
            return None
        return self.filter(digest=hash_key(key), revoked_at=None).first()


def hash_key(key: str) -> str:
    """Quickly: 256 random bits cannot be guessed, however fast guesses are."""
    return sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


class ApiKey(models.Model):
    name = models.CharField(
        _("name"), max_length=80, help_text=_("Whose it is or what for, for example “Station 7”.")
    )
    prefix = models.CharField(
        _("begins with"),
        max_length=20,
        unique=True,
        editable=False,
        help_text=_("By which it is told from others; the rest is not kept."),
    )
    digest = models.CharField(
        _("hash"), max_length=64, unique=True, editable=False, help_text="SHA-256"
    )
    scopes = models.JSONField(_("allows"), default=list)
    created_at = models.DateTimeField(_("made at"), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    used_on = models.DateField(
        _("last used on"), null=True, blank=True, editable=False, help_text=_("Day in UTC.")
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)

    objects = ApiKeyManager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    def allows(self, scope: str) -> bool:
        return scope in self.scopes

    def note_use(self, now: datetime) -> None:
        """Once a day."""
        if self.used_on != now.date():
            self.used_on = now.date()
            self.save(update_fields=["used_on"])
