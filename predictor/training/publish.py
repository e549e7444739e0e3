"""Puts a model's folder in place: written apart, renamed when complete."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from predictor import contract
from predictor.registry import MANIFEST_NAME, hash_file
from predictor.training.cases import TARGET_NAMES


@contextmanager
def write_apart(target: Path) -> Iterator[Path]:
    """A folder that becomes `target` when the block ends well, and leaves nothing when not."""
    target.parent.mkdir(parents=True, exist_ok=True)
    apart = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield apart
        _swap(apart, target)
    finally:
        shutil.rmtree(apart, ignore_errors=True)


def write_manifest(folder: Path, name: str, exports: list[str], about: dict[str, Any]) -> None:
    """manifest.json with the sha256 of every file of every export."""
    files = {export: list_artefacts(folder, export) for export in exports}
    fingerprint = "".join(file["sha256"] for export in exports for file in files[export])
    record = {
        "schema_version": contract.SCHEMA_VERSION,
        "name": name,
        "version": f"{contract.SCHEMA_VERSION}-{_shorten(fingerprint)}",
        "features": list(contract.FEATURE_NAMES),
        "targets": list(TARGET_NAMES),
        "exports": files,
        **about,
    }
    text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    (folder / MANIFEST_NAME).write_text(text, encoding="utf-8")


def list_artefacts(folder: Path, export: str) -> list[dict[str, Any]]:
    """The files of one export, which is a file or a folder."""
    root = folder / export
    paths = sorted(path for path in root.rglob("*") if path.is_file()) if root.is_dir() else [root]
    return [
        {
            "path": path.relative_to(folder).as_posix(),
            "sha256": hash_file(path),
            "size_bytes": path.stat().st_size,
        }
        for path in paths
    ]


def _shorten(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _swap(apart: Path, target: Path) -> None:
    apart.chmod(0o755)
    old = apart.with_name(apart.name + ".old")
    if target.exists():
        target.rename(old)
    apart.rename(target)
    shutil.rmtree(old, ignore_errors=True)
