"""A small SMTP server that keeps what it gets, and says no when told to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

HANG_UP = "hang up"
STAY_SILENT = "stay silent"
DRIP = "drip"  # a byte now and then: no single wait is long, and the answer never ends
DRIP_EVERY_S = 0.1

USUAL_ANSWERS = {
    "GREETING": "220 localhost ready",
    "EHLO": "250 localhost",
    "HELO": "250 localhost",
    "MAIL": "250 sender ok",
    "RCPT": "250 recipient ok",
    "DATA": "354 go on",
    "MAIL TEXT": "250 taken",
    "RSET": "250 forgotten",
    "QUIT": "221 goodbye",
}


class MailServer(ThreadingTCPServer):
    """`answers` overrides what it says: to a command, as "GREETING", to the end of "MAIL TEXT".

    Several answers for one command, as an iterator, are given one after the other, then the usual.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.answers: dict[str, str | Iterator[str]] = {}
        self.mails: list[EmailMessage] = []
        self.connections = 0
        self.refuse_recipient: dict[str, str] = {}  # address -> what is said instead of yes
        self.closing = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, args=[0.02], daemon=True)

    def be_used_by(self, settings: Any) -> None:
        """Django's, of pytest-django."""
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = self.server_address
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 20  # s; a slow machine is no silent server

    def __enter__(self) -> MailServer:
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Conversation(StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.connections += 1
        if not self._answer("GREETING"):
            return
        while line := self.rfile.readline():
            command = line.decode().split(maxsplit=1)[0].upper()
            said = self._answer(command, line.decode())
            if not said or command == "QUIT":
                return
            if command == "DATA" and said.startswith("354"):
                mail = self._read_mail()
                said = self._answer("MAIL TEXT")
                if not said:
                    return
                if said.startswith("250"):
                    self.server.mails.append(mail)

    def _answer(self, command: str, line: str = "") -> str:
        """What was said; empty when the connection is to be closed."""
        answer = self._choose(command, line)
        if answer == STAY_SILENT:
            self.server.closing.wait()
        if answer == DRIP:
            self._drip()
        if answer in (STAY_SILENT, HANG_UP, DRIP):
            return ""
        self._say(answer)
        return answer

    def _choose(self, command: str, line: str) -> str:
        refused = [
            answer for address, answer in self.server.refuse_recipient.items() if address in line
        ]
        if command == "RCPT" and refused:
            return refused[0]
        answer = self.server.answers.get(command)
        if isinstance(answer, Iterator):
            answer = next(answer, None)
        return answer or USUAL_ANSWERS[command]

    def _drip(self) -> None:
        with suppress(OSError):  # the other side has had enough
            while not self.server.closing.wait(DRIP_EVERY_S):
                self.wfile.write(b"2")

    def _read_mail(self) -> EmailMessage:
        lines = iter(self.rfile.readline, b".\r\n")
        return message_from_bytes(b"".join(lines), EmailMessage, policy=default)

    def _say(self, answer: str) -> None:
        with suppress(OSError):
            self.wfile.write(f"{answer}\r\n".encode())
