"""Which sources there are. A source's code is loaded when the first place needs it."""

from __future__ import annotations

from functools import cache
from typing import cast

from django.utils.module_loading import import_string

from weatherapp.intake.source import Source, SourceRefusedError

# An HTTP client is 5 MB that a replay, or the web process, has no use for.
SOURCES = {
    "open_meteo": "weatherapp.intake.open_meteo.connect",
    "replay": "weatherapp.intake.replay.Replay",
}


@cache
def find_source(name: str) -> Source:
    """The source, with its kept connections: one a process. Raises SourceRefusedError."""
    if name not in SOURCES:
        raise SourceRefusedError(
            f"There is no weather source “{name}”. Known: {', '.join(SOURCES)}."
        )
    return cast("Source", import_string(SOURCES[name])())
