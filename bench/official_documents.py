"""Reads every document below a folder and says what became of it:

    python -m bench.official_documents FOLDER

For each folder of documents: how many there are, how many were refused and why, how many messages
they hold, how many of those were dropped and why, and how many events they tell of. Files that are
no documents of warnings by their purpose (schemas, tables, lists of sources) are left out by name.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from weatherapp.official.documents.errors import DocumentError
from weatherapp.official.documents.message import Document
from weatherapp.official.documents.read import read_document, read_items
from weatherapp.official.events.fold import fold

ENDINGS = {".xml", ".cap", ".atom", ".rss", ".edxlde", ".json", ".zip", ".gz"}
NOT_DOCUMENTS = ("schema", "geocodes", "open-meteo", "met-norway", "manifest.json")
JUST_AFTER = timedelta(minutes=1)


@dataclass(slots=True)
class Row:
    """What became of one folder's documents."""

    documents: int = 0
    messages: int = 0
    events: int = 0
    told: int = 0  # messages that belong to an event
    usable: int = 0  # documents with at least one event
    links: int = 0
    seconds: float = 0.0
    peak_mb: float = 0.0
    refused: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)


def list_documents(folder: Path) -> Iterator[Path]:
    """Sorted, without what is none."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.suffix in ENDINGS and path.is_file() and not set(parts) & set(NOT_DOCUMENTS):
            yield path


def add(row: Row, path: Path) -> None:
    """Read one document into its row."""
    row.documents += 1
    body = path.read_bytes()
    started_s = perf_counter()
    try:
        count(row, read_document(body))
    except DocumentError as error:
        row.refused[f"{type(error).__name__}: {error}"] += 1
    row.seconds += perf_counter() - started_s
    row.peak_mb = max(row.peak_mb, measure_mb(body))


def measure_mb(body: bytes) -> float:
    """What reading takes at most beside the body itself, one message after the other; apart from
    the time, because measuring takes time, too."""
    tracemalloc.start()
    with suppress(DocumentError):
        for _ in read_items(body):
            pass
    peak_mb = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return peak_mb


def count(row: Row, document: Document) -> None:
    """As it stood just after its newest message."""
    row.messages += len(document.messages)
    row.links += len(document.links)
    row.dropped.update(one.reason for one in document.dropped)
    if document.messages:
        at = max(message.sent_at for message in document.messages) + JUST_AFTER
        folded = fold(document.messages, at)
        row.dropped.update(one.reason for one in folded.dropped)
        row.events += len(folded.events)
        row.told += len({name for event in folded.events for name in event.identifiers})
        row.usable += bool(folded.events)


def main(folder: Path) -> None:
    """Print the table, and below it every reason with its count."""
    rows: defaultdict[str, Row] = defaultdict(Row)
    for path in list_documents(folder):
        add(rows["/".join(path.relative_to(folder).parts[:2])], path)
    head = ("documents", "usable", "refused", "messages", "told", "events", "dropped", "links")
    print(f"{'':24}" + "".join(f"{name:>10}" for name in head) + "         s  peak MB")
    for name, row in rows.items():
        numbers = (
            row.documents,
            row.usable,
            row.refused.total(),
            row.messages,
            row.told,
            row.events,
            row.dropped.total(),
            row.links,
        )
        cells = "".join(f"{number:>10,}" for number in numbers)
        print(f"{name:24}{cells}{row.seconds:>10.2f}{row.peak_mb:>9.1f}")
    for name, row in rows.items():
        for kind, reasons in (("refused", row.refused), ("dropped", row.dropped)):
            for reason, number in reasons.most_common():
                print(f"{name}: {number} {kind}: {reason}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
