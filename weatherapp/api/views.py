"""The API's description: a page for people, and a document for programs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import blake2b
from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from weatherapp.api.catalogue import list_groups
from weatherapp.api.limits import KEY_FACTOR
from weatherapp.api.openapi import describe_api, find_resources, list_problems
from weatherapp.api.operations import MOST_ITEMS, USUAL_ITEMS, Operation
from weatherapp.api.schema import Schema
from weatherapp.models import Scope
from weatherapp.pages.conditional import conditional
from weatherapp.pages.problem_json import list_codes
from weatherapp.pages.versions import Version

Words = list[tuple[str, str]]  # a text, and the code that stands behind it; each may be empty


def split_code(text: str) -> Words:
    """What stands between backticks is code."""
    parts = text.split("`")
    return list(zip_longest(parts[::2], parts[1::2], fillvalue=""))


@dataclass(frozen=True)
class Line:
    """A field or a parameter in a table."""

    name: str
    schema: Schema
    is_required: bool = False
    example: Any = None

    @property
    def words(self) -> Words:
        return split_code(self.schema.get("description", ""))

    @property
    def unit(self) -> str:
        return str(self.schema.get("x-unit", ""))

    @property
    def values(self) -> list[str]:
        """That are possible, where there are few."""
        found = self.schema.get("enum") or self.schema.get("items", {}).get("enum") or []
        return [value for value in found if value is not None]

    @property
    def usual(self) -> Any:
        return self.schema.get("default")

    @property
    def kinds(self) -> list[str]:
        """As names of JSON Schema; of a resource, its name."""
        return _name_kinds(self.schema)

    @property
    def resource(self) -> str:
        """The name of what it is, or is a list of; else empty."""
        return next((kind for kind in self.kinds if kind[:1].isupper()), "")


@dataclass(frozen=True)
class Section:
    """An operation as the page shows it."""

    operation: Operation

    @property
    def words(self) -> Words:
        return split_code(self.operation.description)

    @cached_property
    def parameters(self) -> list[Line]:
        return [
            Line(
                one.name,
                {**one.type.schema, "description": one.description, "default": one.usual},
                example=one.example,
            )
            for one in self.operation.parameters
        ]

    @cached_property
    def body(self) -> list[Line]:
        schema = self.operation.body or {}
        required = schema.get("required", ())
        return [
            Line(name, one, is_required=name in required)
            for name, one in schema.get("properties", {}).items()
        ]

    @property
    def problems(self) -> list[int]:
        return list_problems(self.operation)


def read_version() -> Version:
    """It changes with releases and settings alone."""
    return Version(page="api")


@require_safe
@conditional(read_version)
def about_api(request: HttpRequest) -> HttpResponse:
    groups = {name: [Section(one) for one in found] for name, found in list_groups().items()}
    resources = [
        (one.name, split_code(one.description), [Line(row.name, row.schema) for row in one.fields])
        for one in find_resources()
    ]
    context = {
        "site_url": settings.SITE_URL,
        "groups": groups,
        "resources": resources,
        "problems": list_codes(),
        "scopes": Scope.choices,
        "limit": settings.API_REQUESTS_A_MINUTE,
        "key_limit": settings.API_REQUESTS_A_MINUTE * KEY_FACTOR,
        "most_items": MOST_ITEMS,
        "usual_items": USUAL_ITEMS,
    }
    return render(request, "api/page.html", context)


@csrf_exempt
@require_safe
def description(request: HttpRequest) -> HttpResponse:
    body, etag = _write_description()
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
    response = HttpResponse(body, content_type="application/json", headers=headers)
    answer = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(answer, HttpResponse)  # noqa: S101 - of a GET with a response, always
    return answer


@cache
def _write_description() -> tuple[bytes, str]:
    """It changes with releases and settings alone."""
    body = json.dumps(describe_api(), ensure_ascii=False, separators=(",", ":")).encode()
    return body, f'W/"{blake2b(body, digest_size=9).hexdigest()}"'


def _name_kinds(schema: Schema) -> list[str]:
    if "$ref" in schema:
        return [schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        return [kind for one in schema["anyOf"] for kind in _name_kinds(one)]
    if schema.get("type") == "array":
        return ["array", *_name_kinds(schema.get("items", {}))]
    kinds = schema.get("type", [])
    named = [kinds] if isinstance(kinds, str) else list(kinds)
    return [schema["format"] if kind == "string" and "format" in schema else kind for kind in named]
