"""One style sheet a page: what `@import` names is written into the sheet when files are collected.

A browser asks for a sheet that another imports only when it has read the other, and draws nothing
before it has both. Sources stay apart, and need no building: uncollected they work as they are.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from django.core.files.base import File
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r'^@import "([^":]+)";\n?', re.MULTILINE)


class MergedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Each file under its content's name, compressed, with a sheet's imports in it."""

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """`paths`: (storage, path) of each source, by its name as collected."""

        def read(name: str) -> str:
            storage, path = paths[name]
            with storage.open(path) as file:
                text: str = file.read().decode()
            return text

        merged = {} if dry_run else _merge_all([*paths], read)
        for name, text in merged.items():
            self.delete(name)
            self.save(name, File(BytesIO(text.encode())))
            paths[name] = (self, name)  # the parents read each source from there
        yield from super().post_process(paths, dry_run, **options)


def merge(name: str, read: Callable[[str], str]) -> str:
    """The sheet `name` with what it imports in place of each `@import`, in their order.

    Raises ValueError for what would mean something else in another folder.
    """

    def find(match: re.Match[str]) -> str:
        imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[1]))
        text = merge(imported, read)
        if "url(" in text and posixpath.dirname(imported) != posixpath.dirname(name):
            raise ValueError(f"{name}: {imported} names files from where it is.")
        return text

    return IMPORT.sub(find, read(name))


def _merge_all(names: list[str], read: Callable[[str], str]) -> dict[str, str]:
    """Those that import something; before any of them is written where another is read."""
    own = [name for name in names if name.startswith("css/") and name.endswith(".css")]
    return {name: merge(name, read) for name in own if IMPORT.search(read(name))}
