"""Mail servers and a broker for the tests of this folder."""

from __future__ import annotations

import pytest

from tests.broker import broker, redis_is_down, redis_server
from tests.delivery.mail_server import MailServer

__all__ = ["broker", "mail_server", "redis_is_down", "redis_server"]


@pytest.fixture
def mail_server(settings):
    """A real one that speaks SMTP, and Django set to use it."""
    with MailServer() as server:
        server.be_used_by(settings)
        yield server
