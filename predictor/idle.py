"""Lets a predictor that nobody asks give its memory back."""

from __future__ import annotations

from threading import Event, Thread

from predictor.engine import Engine


class IdleWatch(Thread):
    """Unloads the engine's model after `idle_s` without a request; 0 never does."""

    def __init__(self, engine: Engine, idle_s: float) -> None:
        super().__init__(name="idle-watch", daemon=True)
        self._engine = engine
        self._idle_s = idle_s
        self._stopping = Event()

    def run(self) -> None:
        wait_s = self._idle_s
        while self._idle_s and not self._stopping.wait(wait_s):
            wait_s = self._engine.unload_if_idle(self._idle_s)

    def stop(self) -> None:
        """End the thread, now or with its present step."""
        self._stopping.set()
