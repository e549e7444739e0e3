"""Mail servers for the tests of this folder."""

from __future__ import annotations

import pytest

from tests.delivery.mail_server import MailServer


@pytest.fixture
def mail_server(settings):
    """A real one that speaks SMTP, and Django set to use it."""
    with MailServer() as server:
        server.be_used_by(settings)
        yield server
