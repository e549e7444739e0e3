"""The mails of a site without a mail server: files in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import islice
from pathlib import Path

# As Django's file backend writes them, several in one file when it was quick.
_SEPARATOR = b"\n" + b"-" * 79 + b"\n"
_MAX_BYTES = 1_000_000


class MailNotFoundError(LookupError):
    """No such mail in the folder."""


@dataclass(frozen=True, slots=True)
class StoredMail:
    """One mail, decoded; `file_name` holds it, perhaps with others."""

    file_name: str
    sent_at: datetime | None
    to: str
    subject: str
    text: str
    sender: str = ""
    html: str = ""


def list_mails(folder: Path, *, limit: int) -> list[StoredMail]:
    """The newest `limit`, newest first. A run of mails writes one file."""
    newest = sorted(_find_files(folder), key=_written_at, reverse=True)
    mails = (mail for file in newest for mail in reversed(_read(file)))
    return list(islice(mails, limit))


def read_mails(folder: Path, file_name: str) -> list[StoredMail]:
    """What the file holds. Raises MailNotFoundError."""
    # Names are compared, never joined to a path: no name leads out of the folder.
    for file in _find_files(folder):
        if file.name == file_name:
            return _read(file)
    raise MailNotFoundError(file_name)


def _find_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [file for file in folder.glob("*.log") if file.is_file() and not file.is_symlink()]


def _written_at(file: Path) -> int:
    return file.stat().st_mtime_ns


def _read(file: Path) -> list[StoredMail]:
    with file.open("rb") as source:
        content = source.read(_MAX_BYTES)
    parts = content.split(_SEPARATOR)
    return [_parse(file.name, part) for part in parts if part.strip()]


def _parse(file_name: str, content: bytes) -> StoredMail:
    mail = message_from_bytes(content, EmailMessage, policy=policy.default)
    body, html = mail.get_body(["plain"]), mail.get_body(["html"])
    date = mail["Date"]
    return StoredMail(
        file_name=file_name,
        sent_at=date.datetime if date else None,
        to=str(mail["To"] or ""),
        subject=str(mail["Subject"] or ""),
        text=str(body.get_content()) if body else "",
        sender=str(mail["From"] or ""),
        html=str(html.get_content()) if html else "",
    )
