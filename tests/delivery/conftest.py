"""Mail servers for the tests of this folder."""

from __future__ import annotations

import pytest

from tests.delivery.mail_server import MailServer


@pytest.fixture
def mail_server(settings):
    """A real one that speaks SMTP, and Django set to use it."""
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 0.5  # s
        yield server
