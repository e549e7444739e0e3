"""The signed names of subscriptions that links in mails carry: one purpose each, for a stated time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer

from weatherapp.models import Subscription

CONFIRM_WITHIN = timedelta(days=3)
# Longer than a year: a reader of a quiet place may open last year's mail to leave.
LEAVE_WITHIN = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a link may do, and for how long."""

    name: str
    life: timedelta
    ends_with_leaving: bool = False


CONFIRM = Purpose("confirm", CONFIRM_WITHIN, ends_with_leaving=True)
LEAVE = Purpose("leave", LEAVE_WITHIN)
NEVER_AGAIN = Purpose("never_again", CONFIRM_WITHIN)


class BadTokenError(ValueError):
    """The link names no subscription, or was made for something else: say so, change nothing."""


class TokenOverError(BadTokenError):
    """The link was ours and can no longer be used: say how to get another."""

    has_left = False

    def __init__(self, subscription: Subscription, purpose: Purpose) -> None:
        super().__init__(f"A link to {purpose.name} is over.")
        self.subscription = subscription
        self.purpose = purpose


class TokenTooOldError(TokenOverError):
    """Its time is over."""


class TokenUsedUpError(TokenOverError):
    """Its reader has left since: an old mail must not bring anybody back."""

    has_left = True


def make_token(subscription: Subscription, purpose: Purpose, *, at: datetime) -> str:
    """Valid from `at` for the purpose's life; the same for the same second."""
    made_s = int(at.timestamp())
    return _signer(purpose).sign(f"{subscription.pk}.{made_s}.{subscription.confirm_nonce}")


def read_token(token: str, purpose: Purpose, *, now: datetime) -> Subscription:
    """Raises BadTokenError, TokenTooOldError or TokenUsedUpError."""
    try:
        pk, made_s, nonce = _signer(purpose).unsign(token).split(".")
        subscription = Subscription.objects.select_related("place").get(pk=int(pk))
    except (BadSignature, ValueError, Subscription.DoesNotExist) as error:
        raise BadTokenError("This link is not valid.") from error
    if now - datetime.fromtimestamp(int(made_s), UTC) > purpose.life:
        raise TokenTooOldError(subscription, purpose)
    if purpose.ends_with_leaving and nonce != subscription.confirm_nonce:
        raise TokenUsedUpError(subscription, purpose)
    return subscription


def _signer(purpose: Purpose) -> Signer:
    """Made anew each time: it reads SECRET_KEY and the keys that were before it."""
    return Signer(salt=f"weatherapp.delivery.{purpose.name}")
