"""TensorFlow's parts without the whole: half the memory, a third of the start.

`import tensorflow` runs an __init__.py that imports Keras and 1,600 modules; to run a SavedModel
takes 300 of them. Here the package stands in sys.modules without its __init__.py, which runs only
when somebody asks the package for a name, so that whoever needs all of it still gets it.

The parts have no public names. Whatever goes wrong with them, the whole is imported instead.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from threading import RLock
from types import ModuleType
from typing import Any

from dyno.trim import trim_memory
from predictor.runtimes.opened_library import open_library

logger = logging.getLogger(__name__)

PACKAGE = "tensorflow"
# What `Parts` holds, and where: module below the package, name in it.
PLACES = {
    "ConfigProto": ("core.protobuf.config_pb2", "ConfigProto"),
    "Graph": ("python.framework.ops", "Graph"),
    "Session": ("python.client.session", "Session"),
    "load_saved_model": ("python.saved_model.loader_impl", "load"),
}
_lock = RLock()


@dataclass(frozen=True, slots=True)
class Parts:
    """What serving a SavedModel takes of TensorFlow."""

    ConfigProto: Any
    Graph: Any
    Session: Any
    load_saved_model: Any  # (session, tags, folder) -> meta graph
    is_whole: bool = False


def import_parts() -> Parts:
    """Alone where that goes, else out of the whole. Raises ImportError where neither does."""
    if find_spec(PACKAGE) is None:
        raise ModuleNotFoundError(f"No module named {PACKAGE!r}", name=PACKAGE)
    try:
        return _import_alone()
    except Exception as error:  # noqa: BLE001 - whatever it is, the whole is the better try
        return import_whole(error)


def import_whole(reason: Exception) -> Parts:
    """By TensorFlow's public names; `reason` is why the parts alone do not do."""
    logger.warning(
        "TensorFlow is imported whole, which takes more memory: its parts fail alone (%s: %s)",
        type(reason).__name__,
        reason,
    )
    with _lock:
        package = sys.modules.get(PACKAGE)
        if package is not None and package.__spec__ is not None:
            _run_init(package, package.__spec__)
    whole: Any = import_module(PACKAGE)
    v1 = whole.compat.v1
    return Parts(v1.ConfigProto, whole.Graph, v1.Session, v1.saved_model.load, is_whole=True)


def _import_alone() -> Parts:
    with _lock:
        if PACKAGE not in sys.modules:
            open_library(_find_folder())
            sys.modules[PACKAGE] = _make_package()
    parts = {}
    for part, (module, name) in PLACES.items():
        parts[part] = getattr(import_module(f"{PACKAGE}.{module}"), name)
        trim_memory()  # what comes next must not come on top
    return Parts(**parts)


def _find_folder() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"No package named {PACKAGE!r}", name=PACKAGE)
    return Path(spec.submodule_search_locations[0])


def _make_package() -> ModuleType:
    spec = find_spec(PACKAGE)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"No module named {PACKAGE!r}", name=PACKAGE)
    package = module_from_spec(spec)
    package.__getattr__ = lambda name: _complete(package, spec, name)  # type: ignore[method-assign]
    return package


def _complete(package: ModuleType, spec: ModuleSpec, name: str) -> Any:
    """The package lacks `name`: run its __init__.py after all."""
    if name.startswith("_") and name != "__version__":
        raise AttributeError(name)  # introspection, which every module must bear
    with _lock:
        _run_init(package, spec)
    return getattr(package, name)


def _run_init(package: ModuleType, spec: ModuleSpec) -> None:
    """Once; a package that was imported as usual has run it."""
    if vars(package).pop("__getattr__", None) is not None and spec.loader is not None:
        spec.loader.exec_module(package)
