"""How a value looks in JSON: said once, for the answers, the checks of what comes in and OpenAPI.

Descriptions are English: programs' authors read them beside names that are English, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

MOST_ID = 2**63 - 1  # more, no column of ids can hold
MOST_NUMBER = 1e15
# One line of text: what a database refuses, and what no name holds, is refused before.
ONE_LINE = r"^[^\u0000-\u001f\u007f]*$"

Schema = Mapping[str, Any]


def _as_is(value: Any) -> Any:
    return value


def write_time(at: datetime) -> str:
    """RFC 3339 in UTC, as 2026-01-01T12:00:00Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Type:
    """`write` makes JSON of what a row holds; `resource` is set where it is one."""

    schema: Schema
    write: Callable[[Any], Any] = _as_is
    resource: Resource | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """`read` takes it from the row; `unit` is that of the number, empty for what has none."""

    name: str
    type: Type
    description: str
    read: Callable[[Any], Any]
    unit: str = ""

    @property
    def schema(self) -> Schema:
        unit = {"x-unit": self.unit} if self.unit else {}
        return {**self.type.schema, "description": self.description, **unit}


@dataclass(frozen=True, slots=True)
class Resource:
    """An object of the answers. All fields are always there; what is not known is null."""

    name: str
    description: str
    fields: tuple[Field, ...]

    def write(self, row: Any) -> dict[str, Any]:
        return {one.name: one.type.write(one.read(row)) for one in self.fields}

    @property
    def schema(self) -> Schema:
        return {
            "type": "object",
            "description": self.description,
            "properties": {one.name: one.schema for one in self.fields},
            "required": [one.name for one in self.fields],
        }


def field(
    name: str,
    type: Type,
    description: str,
    read: Callable[[Any], Any] | None = None,
    unit: str = "",
) -> Field:
    """Read from the attribute of that name, where nothing else is said."""
    return Field(name, type, description, read or attrgetter(name), unit)


TEXT = Type({"type": "string"})
INTEGER = Type({"type": "integer"})
NUMBER = Type({"type": "number"})
FLAG = Type({"type": "boolean"})
TIME = Type({"type": "string", "format": "date-time"}, write_time)
UUID = Type({"type": "string", "format": "uuid"}, str)
ADDRESS = Type({"type": "string", "format": "uri"})
ID = Type({"type": "integer", "minimum": 1, "maximum": MOST_ID})
PROBABILITY = Type({"type": "number", "minimum": 0, "maximum": 1})


def limited(type: Type, **limits: Any) -> Type:
    """With more words of JSON Schema, such as minimum or maxLength."""
    return replace(type, schema={**type.schema, **limits})


def line(*, least: int = 0, most: int) -> Type:
    """Text of one line, for what comes in."""
    return limited(TEXT, minLength=least, maxLength=most, pattern=ONE_LINE)


def one_of(values: Iterable[Any]) -> Type:
    """A code: one of the texts, of which each is written as it is."""
    return Type({"type": "string", "enum": [str(value) for value in values]}, str)


def maybe(type: Type) -> Type:
    """Or null."""
    schema = type.schema
    if "$ref" in schema:
        wide: Schema = {"anyOf": [schema, {"type": "null"}]}
    else:
        wide = {**schema, "type": [schema["type"], "null"]}
        if "enum" in schema:
            wide = {**wide, "enum": [*schema["enum"], None]}
    return replace(
        type, schema=wide, write=lambda value: None if value is None else type.write(value)
    )


def list_of(type: Type, **limits: Any) -> Type:
    return Type(
        {"type": "array", "items": type.schema, **limits},
        lambda values: [type.write(value) for value in values],
        type.resource,
    )


def of(resource: Resource) -> Type:
    return Type(
        {"$ref": f"#/components/schemas/{resource.name}"}, resource.write, resource=resource
    )
