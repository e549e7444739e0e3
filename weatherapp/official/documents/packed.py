"""Documents in a zip, as DWD publishes them, or in gzip: unpacked within bounds."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from weatherapp.official.documents.errors import (
    DocumentError,
    NotADocumentError,
    TooLargeError,
    TooManyEntriesError,
    TruncatedError,
)

MOST_BYTES = 64_000_000  # of all that a body holds, unpacked
MOST_MEMBERS = 5_000
GZIP_WINDOW_BITS = 31  # zlib's word for "a gzip header, and nothing else"
ENCRYPTED = 0x1


def read_members(body: bytes) -> Iterator[tuple[str, bytes]]:
    """The files of a zip, by name. Raises DocumentError."""
    left = MOST_BYTES
    with _named_errors(), ZipFile(BytesIO(body)) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > MOST_MEMBERS:
            raise TooManyEntriesError(f"It has more than {MOST_MEMBERS:,} files.")
        for member in members:
            content = _unpack(archive, member, left)
            left -= len(content)
            yield member.filename, content


@contextmanager
def _named_errors() -> Iterator[None]:
    """A damaged zip makes Python's reader stumble in many ways, of which it names only one."""
    try:
        yield
    except DocumentError:
        raise
    except (BadZipFile, zlib.error, EOFError, ValueError, OverflowError, struct.error) as error:
        raise TruncatedError("The zip is cut off or damaged.") from error
    except (NotImplementedError, OSError, RuntimeError) as error:
        raise NotADocumentError("The zip is packed in an unknown way.") from error


def _unpack(archive: ZipFile, member: ZipInfo, left: int) -> bytes:
    if member.flag_bits & ENCRYPTED:
        raise NotADocumentError("The zip is encrypted.")
    # What the zip says of its sizes is not believed.
    with archive.open(member) as packed:
        content = packed.read(left + 1)
    if len(content) > left:
        raise TooLargeError(f"It holds more than {MOST_BYTES:,} bytes.")
    return content


def unpack_gzip(body: bytes) -> bytes:
    """Raises DocumentError."""
    unpacker = zlib.decompressobj(GZIP_WINDOW_BITS)
    try:
        content = unpacker.decompress(body, MOST_BYTES + 1)
    except zlib.error as error:
        raise NotADocumentError("It is damaged gzip.") from error
    if len(content) > MOST_BYTES:
        raise TooLargeError(f"It holds more than {MOST_BYTES:,} bytes.")
    if not unpacker.eof:
        raise TruncatedError("The gzip is cut off.")
    return content
