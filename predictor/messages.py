"""What a message to the predictor and its answer hold: windows by request id. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from predictor.contract import SCHEMA_VERSION, ContractError


@dataclass(frozen=True, slots=True)
class Question:
    """One window of a message, with the id that its answer comes back with."""

    request_id: str
    window: object  # see parse_window: one that breaks the contract is refused by itself


def make_message(windows: Mapping[str, Any], model: str | None) -> dict[str, Any]:
    """Arguments of the task: `windows` on the wire by request id; each is answered by itself."""
    questions = [{"request_id": key, "window": window} for key, window in windows.items()]
    return {"schema_version": SCHEMA_VERSION, "model": model, "questions": questions}


def parse_questions(message: object) -> list[Question]:
    """Those that have an id: nobody could be told about the others."""
    entries = message if isinstance(message, Sequence) and not isinstance(message, str) else []
    return [
        Question(entry["request_id"], entry.get("window"))
        for entry in entries
        if isinstance(entry, Mapping) and isinstance(entry.get("request_id"), str)
    ]


def parse_answers(message: object) -> dict[str, Mapping[str, Any]]:
    """By request id what the predictor said of each window, still on the wire: see parse_answer.

    Raises ContractError where it is no message of answers at all.
    """
    entries = message.get("answers") if isinstance(message, Mapping) else None
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        raise ContractError("a message from the predictor holds a list of answers")
    return {
        entry["request_id"]: entry
        for entry in entries
        if isinstance(entry, Mapping) and isinstance(entry.get("request_id"), str)
    }
