"""The signed name of a subscription that links in mails carry."""

from __future__ import annotations

from datetime import timedelta

from django.core.signing import BadSignature, Signer

from weatherapp.models import Subscription

CONFIRM_WITHIN = timedelta(days=3)  # to unsubscribe there is no such limit
_signer = Signer(salt="weatherapp.delivery.subscription")


class BadToken(ValueError):
    """The link names no subscription, or can no longer be used: say so, and change nothing."""


def make_token(subscription: Subscription) -> str:
    """The same for every mail to it, and valid as long as the subscription exists."""
    return _signer.sign(str(subscription.pk))


def read_token(token: str) -> Subscription:
    """Raises BadToken."""
    try:
        return Subscription.objects.select_related("place").get(pk=int(_signer.unsign(token)))
    except (BadSignature, ValueError, Subscription.DoesNotExist) as error:
        raise BadToken("This link is not valid.") from error
