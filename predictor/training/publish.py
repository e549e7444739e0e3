"""Puts a model's folder in place: written apart, renamed when complete."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
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


def write_manifest(
    folder: Path, name: str, exports: Mapping[str, Sequence[str]], about: Mapping[str, Any]
) -> None:
    """manifest.json with the sha256 of every file of every export."""
    files = {
        export: [file for path in paths for file in list_artefacts(folder, path)]
        for export, paths in exports.items()
    }
    hashes = "".join(file["sha256"] for export in files.values() for file in export)
    record = {
        "schema_version": contract.SCHEMA_VERSION,
        "name": name,
        "version": f"{contract.SCHEMA_VERSION}-{hashlib.sha256(hashes.encode()).hexdigest()[:8]}",
        "features": list(contract.FEATURE_NAMES),
        "climate": list(contract.CLIMATE_NAMES),
        "units": {
            name: name.rpartition("_")[2]
            for name in (*contract.FEATURE_NAMES, *contract.CLIMATE_NAMES)
        },
        "targets": list(TARGET_NAMES),
        "target": f"precipitation of at least {contract.WET_HOUR_MM} mm in an hour, 0..1",
        "exports": files,
        **about,
    }
    text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    (folder / MANIFEST_NAME).write_text(text, encoding="utf-8")


def replace_text(path: Path, text: str) -> None:
    """Write beside and rename: a reader sees the old text or the new one, never a part."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def list_artefacts(folder: Path, name: str) -> list[dict[str, Any]]:
    """The files of one path, which is a file or a folder."""
    root = folder / name
    paths = sorted(path for path in root.rglob("*") if path.is_file()) if root.is_dir() else [root]
    return [
        {
            "path": path.relative_to(folder).as_posix(),
            "sha256": hash_file(path),
            "size_bytes": path.stat().st_size,
        }
        for path in paths
    ]


def _swap(apart: Path, target: Path) -> None:
    apart.chmod(0o755)
    old = apart.with_name(apart.name + ".old")
    if target.exists():
        target.rename(old)
    apart.rename(target)
    shutil.rmtree(old, ignore_errors=True)
