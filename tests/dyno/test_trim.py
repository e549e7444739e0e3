"""Memory goes back to the system, and nothing in it is lost."""

import ctypes
import gc
import mmap
import os
import re
import sys
from pathlib import Path

import pytest
from celery import signals

from dyno import run_worker, trim
from dyno.trim import find_file_spans, trim_memory

pytestmark = [pytest.mark.slow, pytest.mark.alone]

SIZE = 16 * 1024 * 1024
PAGE = mmap.PAGESIZE

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has MADV_PAGEOUT")


@pytest.fixture
def large_file(tmp_path):
    """On the disk, not only on its way there: a page that must be written first cannot go."""
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.write(os.urandom(SIZE))
        file.flush()
        os.fsync(file.fileno())
    return path


@pytest.fixture
def map_file(large_file):
    """Map the file and touch all of it."""
    with large_file.open("r+b") as file:

        def map_privately(protection):
            mapped = mmap.mmap(file.fileno(), SIZE, mmap.MAP_PRIVATE, protection)
            assert len(mapped[:]) == SIZE
            return mapped

        yield map_privately


def resident_bytes(path):
    """Of the mapping of `path`."""
    entry = Path("/proc/self/smaps").read_text().split(str(path))[1]
    return int(re.search(r"^Rss:\s+(\d+) kB", entry, re.MULTILINE)[1]) * 1024


@on_linux
def test_clean_pages_of_a_file_go_and_come_back_as_they_were(large_file, map_file):
    mapped = map_file(mmap.PROT_READ)
    before = resident_bytes(large_file)

    trim_memory()

    after = resident_bytes(large_file)
    assert before == SIZE
    assert after < SIZE / 10
    assert mapped[:] == large_file.read_bytes()


@on_linux
def test_a_worker_gives_them_back_before_it_forks(large_file, map_file):
    mapped = map_file(mmap.PROT_READ)
    run_worker.connect_signals()
    try:
        signals.worker_before_create_process.send(sender=None)

        assert resident_bytes(large_file) < SIZE / 10
        assert gc.get_freeze_count()  # what is shared is no longer written to by the collector
    finally:
        gc.unfreeze()
    assert mapped[:] == large_file.read_bytes()


@on_linux
def test_what_was_changed_in_memory_survives(large_file, map_file):
    mapped = map_file(mmap.PROT_READ | mmap.PROT_WRITE)
    mapped[:PAGE] = b"x" * PAGE  # as the loader relocates a library ...
    changed = mapped[:]
    protect(mapped, mmap.PROT_READ)  # ... and closes it

    trim_memory()

    assert mapped[:] == changed
    assert large_file.read_bytes()[:PAGE] != changed[:PAGE]
    protect(mapped, mmap.PROT_READ | mmap.PROT_WRITE)


def protect(mapped, protection):
    address = ctypes.addressof(ctypes.c_char.from_buffer(mapped))
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.mprotect(ctypes.c_void_p(address), ctypes.c_size_t(SIZE), protection) == 0


@on_linux
def test_a_mapping_that_can_be_written_stays(large_file, map_file):
    mapped = map_file(mmap.PROT_READ | mmap.PROT_WRITE)

    trim_memory()

    assert resident_bytes(large_file) == SIZE
    del mapped


@pytest.mark.parametrize(
    ("line", "spans"),
    [
        pytest.param(
            "1000-3000 r-xp 00000000 fe:00 7 /lib/libtf.so", [(0x1000, 0x2000)], id="code"
        ),
        pytest.param(
            "1000-3000 r--p 00000000 fe:00 7 /a lib.so", [(0x1000, 0x2000)], id="data, a space"
        ),
        pytest.param("1000-3000 rw-p 00000000 fe:00 7 /lib/libtf.so", [], id="writable"),
        pytest.param("1000-3000 r-xp 00000000 00:00 0 [vdso]", [], id="the kernel's"),
        pytest.param("1000-3000 r--p 00000000 00:00 0", [], id="no file"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_only_files_that_cannot_be_written_are_looked_for(line, spans):
    assert find_file_spans(line) == spans


def test_elsewhere_than_on_linux_nothing_is_tried(monkeypatch):
    monkeypatch.setattr(trim, "_MAPS", Path("/there/is/no/such/file"))
    monkeypatch.setattr(sys, "platform", "darwin")
    given = []
    monkeypatch.setattr(trim, "find_file_spans", given.append)

    trim_memory()

    assert given == []
