"""Links in mails: one purpose each, for a stated time, also after the secret was changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.signing import Signer

from tests.factories import NOON, make_place, make_subscription
from weatherapp.delivery import subscriptions
from weatherapp.delivery.tokens import (
    CONFIRM,
    LEAVE,
    NEVER_AGAIN,
    BadTokenError,
    TokenTooOldError,
    TokenUsedUpError,
    make_token,
    read_token,
)
from weatherapp.models import Subscription

pytestmark = pytest.mark.django_db

PURPOSES = [CONFIRM, LEAVE, NEVER_AGAIN]
SECOND = timedelta(seconds=1)


@pytest.fixture
def subscription() -> Subscription:
    return make_subscription(make_place())


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda purpose: purpose.name)
def test_token_names_its_subscription_for_its_life(subscription, purpose):
    token = make_token(subscription, purpose, at=NOON)

    assert read_token(token, purpose, now=NOON + purpose.life) == subscription
    with pytest.raises(TokenTooOldError) as refusal:
        read_token(token, purpose, now=NOON + purpose.life + SECOND)
    assert refusal.value.subscription == subscription


def test_lives_are_three_days_and_four_hundred():
    assert [purpose.life.days for purpose in PURPOSES] == [3, 400, 3]


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda purpose: purpose.name)
@pytest.mark.parametrize("other", PURPOSES, ids=lambda purpose: purpose.name)
def test_token_does_what_it_was_made_for_alone(subscription, purpose, other):
    token = make_token(subscription, purpose, at=NOON)

    if purpose is other:
        assert read_token(token, other, now=NOON) == subscription
    else:
        with pytest.raises(BadTokenError):
            read_token(token, other, now=NOON)


def test_link_to_confirm_ends_with_leaving_and_those_to_leave_do_not(subscription):
    tokens = {purpose: make_token(subscription, purpose, at=NOON) for purpose in PURPOSES}
    subscriptions.unsubscribe(subscription, now=NOON)

    with pytest.raises(TokenUsedUpError):
        read_token(tokens[CONFIRM], CONFIRM, now=NOON)
    for purpose in (LEAVE, NEVER_AGAIN):
        assert read_token(tokens[purpose], purpose, now=NOON) == subscription


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda token: "", id="empty"),
        pytest.param(lambda token: token[:-1], id="cut off"),
        pytest.param(lambda token: "9" + token, id="another number"),
        pytest.param(lambda token: token.replace(".", ".9", 1), id="another time"),
        pytest.param(lambda token: token.split(":")[0], id="no signature"),
        pytest.param(lambda token: Signer().sign("1.1.a"), id="signed for something else"),
        pytest.param(lambda token: sign("1"), id="signed, too little"),
        pytest.param(lambda token: sign("x.y.z"), id="signed, no numbers"),
        pytest.param(lambda token: "\x00é", id="garbage"),
    ],
)
def test_forged_token_is_refused(subscription, forge):
    token = make_token(subscription, CONFIRM, at=NOON)

    with pytest.raises(BadTokenError) as refusal:
        read_token(forge(token), CONFIRM, now=NOON)
    assert type(refusal.value) is BadTokenError


def sign(text: str) -> str:
    return Signer(salt="weatherapp.delivery.confirm").sign(text)


def test_token_of_a_deleted_subscription_is_refused(subscription):
    token = make_token(subscription, LEAVE, at=NOON)
    subscription.delete()

    with pytest.raises(BadTokenError):
        read_token(token, LEAVE, now=NOON)


def test_rotated_secret_keeps_old_links_until_it_is_dropped(subscription, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "old", []
    token = make_token(subscription, LEAVE, at=NOON)

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", ["middle", "old"]
    assert read_token(token, LEAVE, now=NOON) == subscription
    assert make_token(subscription, LEAVE, at=NOON) != token

    settings.SECRET_KEY_FALLBACKS = ["middle"]
    with pytest.raises(BadTokenError):
        read_token(token, LEAVE, now=NOON)
