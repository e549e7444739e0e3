"""Opens TensorFlow's library ahead of its import, and holds the memory down meanwhile.

The loader relocates and initialises a library of 790 MB, and touches 260 MB of its clean pages within a
second. Python's import holds the interpreter's lock for that second, and so does ctypes.CDLL; the C library's
own dlopen, called as any other function, does not: a thread gives pages back before the next come on top.
"""

from __future__ import annotations

import ctypes
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from dyno.memory import memory_mb
from dyno.trim import trim_files

logger = logging.getLogger(__name__)

LIBRARY = "libtensorflow_cc.so.*"
# Of this process, with what it held before. A lower one costs time: pages are read again and again.
CEILING_MB = 180.0
LOOK_S = 0.01


def open_library(package: Path) -> bool:
    """Whether it is open: where there is none, or it cannot be, its import will tell why.

    Never closed: the modules that are imported next find it by its name.
    """
    paths = sorted(package.glob(LIBRARY)) if sys.platform == "linux" else []
    if not paths:
        return False
    try:
        dlopen = _find_dlopen()
        with memory_held_down(CEILING_MB):
            opened = [dlopen(os.fsencode(path), os.RTLD_NOW) for path in paths]
    except (AttributeError, OSError, RuntimeError) as error:  # no such function, no more threads
        logger.debug("TensorFlow's library is left to its import: %s", error)
        return False
    return all(opened)


def _find_dlopen() -> Callable[[bytes, int], int | None]:
    """(path, flags) -> handle, or None. Raises AttributeError where the C library has none."""
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.argtypes, dlopen.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    return dlopen


@contextmanager
def memory_held_down(ceiling_mb: float) -> Iterator[None]:
    """A thread that gives back clean pages of files whenever the process holds more."""
    over = Event()
    thread = Thread(
        target=_hold_down, args=(over, ceiling_mb), name="memory-held-down", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _hold_down(over: Event, ceiling_mb: float) -> None:
    """Looks rarer while it does not help: pages that another process holds, too, stay."""
    pause_s = LOOK_S
    while not over.wait(pause_s):
        if memory_mb() > ceiling_mb:
            trim_files()
            pause_s = LOOK_S if memory_mb() <= ceiling_mb else 2 * pause_s
