"""A small SMTP server that keeps what it gets, and says no when told to."""

from __future__ import annotations

import threading
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from socketserver import StreamRequestHandler, ThreadingTCPServer

HANG_UP = "hang up"
STAY_SILENT = "stay silent"

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
    """`answers` overrides what it says: to a command, as "GREETING", to the end of "MAIL TEXT"."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.answers: dict[str, str] = {}
        self.mails: list[EmailMessage] = []
        self.closing = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, args=[0.02], daemon=True)

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
        self._answer("GREETING")
        while line := self.rfile.readline():
            command = line.decode().split(maxsplit=1)[0].upper()
            if not self._answer(command) or command == "QUIT":
                return
            if command == "DATA" and "DATA" not in self.server.answers:
                mail = self._read_mail()
                if not self._answer("MAIL TEXT"):
                    return
                if "MAIL TEXT" not in self.server.answers:
                    self.server.mails.append(mail)

    def _answer(self, command: str) -> bool:
        """False when the connection is to be closed."""
        answer = self.server.answers.get(command) or USUAL_ANSWERS[command]
        if answer == STAY_SILENT:
            self.server.closing.wait()
        if answer in (STAY_SILENT, HANG_UP):
            return False
        self._say(answer)
        return True

    def _read_mail(self) -> EmailMessage:
        lines = iter(self.rfile.readline, b".\r\n")
        return message_from_bytes(b"".join(lines), EmailMessage, policy=default)

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())
