"""Gives back memory that the process can get again: clean pages of files and freed heap."""

from __future__ import annotations

import ctypes
import gc
import sys
from pathlib import Path

MADV_PAGEOUT = 21  # Linux 5.4 and later: linux/mman.h
_MAPS = Path("/proc/self/maps")

# Looked up once, before it is needed: while a library is loaded, by any thread, a look-up waits for it.
_libc = ctypes.CDLL(None)
_madvise = _libc.madvise
_madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)

# Start and length of a mapping, in bytes.
Span = tuple[int, int]


def trim_memory() -> None:
    """Freed heap and clean pages of files."""
    gc.collect()
    trim_heap()
    trim_files()


def trim_files() -> None:
    """Linux only, a no-op elsewhere. The next use of a page fetches it again from its file.

    Nothing can be lost: the kernel writes away what has changed, or leaves it where it is.
    MADV_DONTNEED would not: it throws away what the loader wrote into a library's pages. Pages
    that another process maps too stay, and so do those of files that this user may not write.
    """
    if sys.platform != "linux":
        return
    # The largest first: what is being loaded goes before the code that this runs itself.
    spans = sorted(find_file_spans(_MAPS.read_text()), key=lambda span: span[1], reverse=True)
    for start, length in spans:
        _madvise(start, length, MADV_PAGEOUT)  # an old kernel says no, and that is all


def trim_heap() -> None:
    """Give back what was freed: some 3 MB after a start, in less than a millisecond."""
    if hasattr(_libc, "malloc_trim"):  # glibc has it, musl and macOS have not
        _libc.malloc_trim(0)


def find_file_spans(maps: str) -> list[Span]:
    """Mappings of files that this process cannot write to, from the text of /proc/<pid>/maps."""
    return [
        _read_span(fields[0]) for fields in map(str.split, maps.splitlines()) if _is_file(fields)
    ]


def _is_file(fields: list[str]) -> bool:
    """Fields are address, permissions, offset, device, inode and, where it has one, the path."""
    return len(fields) > 5 and fields[5].startswith("/") and "w" not in fields[1]


def _read_span(addresses: str) -> Span:
    start, end = (int(address, 16) for address in addresses.split("-"))
    return start, end - start
