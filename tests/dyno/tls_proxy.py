"""TLS in front of a server that speaks none, with a certificate that nobody vouches for."""

from __future__ import annotations

import selectors
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

# Made for these tests (openssl req -x509 -newkey ec ...); it guards nothing.
CERTIFICATE = Path(__file__).parent / "self_signed.pem"


@contextmanager
def tls_proxy(port: int) -> Iterator[int]:
    """The port on which `port` can be reached by TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=_serve, args=(listener, context, port), daemon=True).start()
        yield listener.getsockname()[1]


def _serve(listener: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with suppress(OSError):  # the listener was closed
        while True:
            client, _ = listener.accept()
            Thread(target=_connect, args=(client, context, port), daemon=True).start()


def _connect(client: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with (
        suppress(OSError),
        socket.create_connection(("127.0.0.1", port)) as server,
        context.wrap_socket(client, server_side=True) as secured,
    ):
        _relay(secured, server)


def _relay(secured: ssl.SSLSocket, server: socket.socket) -> None:
    """Both ways in one thread: two must not use the same TLS connection at once."""
    with selectors.DefaultSelector() as ready:
        ready.register(secured, selectors.EVENT_READ)
        ready.register(server, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                source, target = (secured, server) if key.fileobj is secured else (server, secured)
                data = source.recv(65536)  # more than a TLS record: nothing stays behind unseen
                if not data:
                    return
                target.sendall(data)
