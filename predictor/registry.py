"""Which models exist, what their manifests promise, and whether the files keep the promise."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from predictor import contract

MANIFEST_NAME = "manifest.json"
_MODEL_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


class ArtefactError(RuntimeError):
    """A model's files are not what its manifest says: train again or roll back."""


class NoModelError(LookupError):
    """There is no model at all: train one or deploy the folder."""


class UnknownModelError(LookupError):
    """There are models, but not the one that was asked for."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """One file of an export; `path` is relative to the model's folder."""

    path: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The part of manifest.json that serving needs."""

    name: str
    version: str
    folder: Path
    exports: Mapping[str, tuple[Artefact, ...]]


def list_models(models_folder: Path) -> list[str]:
    """Names of the folders that hold a manifest."""
    return sorted(path.parent.name for path in models_folder.glob(f"*/{MANIFEST_NAME}"))


def find_model(models_folder: Path, name: str) -> Manifest:
    """Read one model's manifest. Raises NoModelError, UnknownModelError, ArtefactError."""
    known = list_models(models_folder)
    if not known:
        raise NoModelError(f"no trained model in {models_folder}")
    if not _MODEL_NAME.fullmatch(name) or name not in known:
        raise UnknownModelError(f"no model named {name!r}; there are: {', '.join(known)}")
    return read_manifest(models_folder / name)


def read_manifest(folder: Path) -> Manifest:
    """Raises ArtefactError that names the file and what is wrong in it."""
    path = folder / MANIFEST_NAME
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        _check_agreement(path, record)
        exports = {name: _read_artefacts(files) for name, files in record["exports"].items()}
        return Manifest(record["name"], record["version"], folder, exports)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtefactError(f"{path}: not a readable manifest ({error!r})") from error


def check_export(manifest: Manifest, export: str) -> tuple[Artefact, ...]:
    """The export's files, each compared with its sha256. Raises ArtefactError."""
    if export not in manifest.exports:
        raise ArtefactError(f"{manifest.folder}: model {manifest.name} has no export {export!r}")
    for artefact in manifest.exports[export]:
        _check_artefact(manifest.folder, artefact)
    return manifest.exports[export]


def hash_file(path: Path) -> str:
    """sha256 in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_agreement(path: Path, record: Mapping[str, Any]) -> None:
    if record["schema_version"] != contract.SCHEMA_VERSION:
        raise ArtefactError(
            f"{path}: made for schema {record['schema_version']}, not {contract.SCHEMA_VERSION}"
        )
    if tuple(record["features"]) != contract.FEATURE_NAMES:
        raise ArtefactError(f"{path}: features {record['features']} are not the contract's")


def _read_artefacts(files: list[dict[str, Any]]) -> tuple[Artefact, ...]:
    return tuple(Artefact(file["path"], file["sha256"], file["size_bytes"]) for file in files)


def _check_artefact(folder: Path, artefact: Artefact) -> None:
    path = (folder / artefact.path).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ArtefactError(f"{path}: outside the model's folder")
    if not path.is_file():
        raise ArtefactError(f"{path}: missing")
    size_bytes = path.stat().st_size
    if size_bytes != artefact.size_bytes:
        raise ArtefactError(f"{path}: {size_bytes} bytes, the manifest says {artefact.size_bytes}")
    if hash_file(path) != artefact.sha256:
        raise ArtefactError(f"{path}: altered, its sha256 is not the manifest's")
