"""Hands one mail to the mail server, and says whether trying again makes sense."""

from __future__ import annotations

import smtplib
from contextlib import suppress

from django.core.mail import EmailMultiAlternatives, get_connection

_PERMANENT = range(500, 600)  # https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1


class MailServerError(Exception):
    """The mail server did not take the mail this time: try again later."""


class MailRefusedError(Exception):
    """The mail server will never take this mail for this address: do not try again."""


def send_mail(message: EmailMultiAlternatives) -> None:
    """Returns when the mail server has said yes. Raises MailServerError or MailRefusedError."""
    connection = get_connection()
    try:
        connection.open()
        connection.send_messages([message])
    except (smtplib.SMTPException, OSError) as error:
        raise _explain(error) from error
    finally:
        # A goodbye that fails says nothing about the mail: taken for an error, it would be sent
        # again. That is also why the connection is opened and closed here by hand.
        with suppress(smtplib.SMTPException, OSError):
            connection.close()


def _explain(error: Exception) -> MailServerError | MailRefusedError:
    """Only a no to the recipient or to the text is final; one to our login or sender is ours."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        reason = f"{code} {_decode(text)}"
        return MailRefusedError(reason) if code in _PERMANENT else MailServerError(reason)
    if isinstance(error, smtplib.SMTPResponseException):
        reason = f"{error.smtp_code} {_decode(error.smtp_error)}"
        if isinstance(error, smtplib.SMTPDataError) and error.smtp_code in _PERMANENT:
            return MailRefusedError(reason)
        return MailServerError(reason)
    return MailServerError(f"{type(error).__name__}: {error}")


def _decode(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
