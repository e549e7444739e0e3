"""Subscribing, and the addresses of the links in mails."""

from tests.factories import NOON
from weatherapp.delivery.tokens import CONFIRM, LEAVE, NEVER_AGAIN, make_token


def subscribe(client, place, email, *, follow=True, **headers):
    address = f"/places/{place.pk}/subscribe"
    return client.post(address, {"email": email}, follow=follow, headers=headers)


def confirm_address(row, *, at=NOON):
    return f"/subscriptions/{make_token(row, CONFIRM, at=at)}/confirm"


def leave_address(row, *, at=NOON):
    return f"/subscriptions/{make_token(row, LEAVE, at=at)}/unsubscribe"


def never_address(row, *, at=NOON):
    return f"/subscriptions/{make_token(row, NEVER_AGAIN, at=at)}/never-again"
