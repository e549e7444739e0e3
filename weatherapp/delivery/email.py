"""Hands mails to the mail server over one kept connection, and says whether to try again."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives, get_connection

_PERMANENT = range(500, 600)  # https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1
_CLOSING = 421  # "Service not available, closing transmission channel"


class MailServerError(Exception):
    """The mail server does not work with us now. It says nothing about the mail: stop here."""

    def __init__(self, reason: str, *, maybe_sent: bool = False) -> None:
        super().__init__(reason)
        self.maybe_sent = maybe_sent


class MailPostponedError(Exception):
    """The mail server does not take this mail now: try it again later."""


class MailRefusedError(Exception):
    """The mail server will never take this mail for this address: do not try again."""

    def __init__(self, reason: str, *, code: int = 0, is_of_recipient: bool = False) -> None:
        super().__init__(reason)
        self.code = code
        self.is_of_recipient = is_of_recipient


class MailSession:
    """A connection that is opened when it is first needed, kept, and closed at the end."""

    def __init__(self) -> None:
        self._backend: Any = None

    def __enter__(self) -> MailSession:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        """Raises MailServerError."""
        if self._backend is None:
            with self._speaking(maybe_sent=False):
                self._backend = get_connection()
                self._backend.open()

    def send(self, message: EmailMultiAlternatives) -> None:
        """Returns when the server has said yes.

        Raises MailServerError, MailPostponedError, MailRefusedError, or whatever a mail that
        cannot be written raises. The next mail may be sent after each of them.
        """
        self.open()
        with self._speaking(maybe_sent=True):
            self._backend.send_messages([message])

    def close(self) -> None:
        """Say goodbye. One that fails says nothing about the mails."""
        backend, self._backend = self._backend, None
        if backend is None:
            return
        connections = _find_connections(backend)
        try:
            with suppress(smtplib.SMTPException, OSError):
                backend.close()
        except SoftTimeLimitExceeded:
            _hang_up(connections)

    @contextmanager
    def _speaking(self, *, maybe_sent: bool) -> Iterator[None]:
        """After a no to the recipient the connection is as new: smtplib has said RSET. After any
        other trouble it may be in the middle of a mail, so the next mail gets another one.
        """
        try:
            yield
        except smtplib.SMTPRecipientsRefused as error:
            raise _explain_recipients(error) from error
        except SoftTimeLimitExceeded as error:
            # It may go on dripping while we say goodbye.
            _hang_up(_find_connections(self._backend))
            self._backend = None
            raise MailServerError("It took too long.", maybe_sent=maybe_sent) from error
        except smtplib.SMTPResponseException as error:
            self.close()
            raise _explain_answer(error) from error
        except (smtplib.SMTPException, OSError, ImproperlyConfigured) as error:
            self.close()
            reason = f"{type(error).__name__}: {error}"
            raise MailServerError(reason, maybe_sent=maybe_sent) from error
        except Exception:
            self.close()
            raise


def _explain_recipients(error: smtplib.SMTPRecipientsRefused) -> Exception:
    code, text = next(iter(error.recipients.values()))
    reason = f"{code} {_decode(text)}"
    if code == _CLOSING:
        return MailServerError(reason)
    if code in _PERMANENT:
        return MailRefusedError(reason, code=code, is_of_recipient=True)
    return MailPostponedError(reason)


def _explain_answer(error: smtplib.SMTPResponseException) -> Exception:
    """Only a no to the text is about the mail; one to our login or sender is about us."""
    reason = f"{error.smtp_code} {_decode(error.smtp_error)}"
    if not isinstance(error, smtplib.SMTPDataError) or error.smtp_code == _CLOSING:
        return MailServerError(reason)
    if error.smtp_code in _PERMANENT:
        return MailRefusedError(reason, code=error.smtp_code)
    return MailPostponedError(reason)


def _decode(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text


def _find_connections(backend: Any) -> list[smtplib.SMTP]:
    """Of Django's SMTP backend; also one that is not fully open."""
    found = (getattr(backend, name, None) for name in ("connection", "_partial_connection"))
    return [smtp for smtp in found if isinstance(smtp, smtplib.SMTP)]


def _hang_up(connections: list[smtplib.SMTP]) -> None:
    """Without a word."""
    for smtp in connections:
        smtp.close()
