"""A host of tiles on this machine, which remembers who asked it for what, and can be told to fail."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

SIZE = 256  # px
SHADES = (226, 214)  # of neighbours, so that one sees them move


def draw_tile(shade: int) -> bytes:
    """A grey PNG."""
    row = b"\0" + bytes([shade]) * SIZE
    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(row * SIZE)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


TILES = [draw_tile(shade) for shade in SHADES]


class TileHost(ThreadingHTTPServer):
    """Answers /z/x/y.png at any address."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.is_down = False
        self.asked: list[tuple[str, dict[str, str]]] = []  # path, headers

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Answer(BaseHTTPRequestHandler):
    server: TileHost

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        if self.server.is_down:
            self.send_error(503)
            return
        _, x, y = self.path.removesuffix(".png").strip("/").split("/")
        body = TILES[(int(x) + int(y)) % 2]
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "tracker=1")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Who asked stands in `asked`."""


@contextmanager
def running_tile_host() -> Iterator[TileHost]:
    with TileHost() as host:
        Thread(target=host.serve_forever, daemon=True).start()
        yield host
        host.shutdown()
