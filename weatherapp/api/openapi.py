"""The description of the API for programs (OpenAPI 3.1), made from the operations' declarations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from weatherapp.api.catalogue import OPERATIONS, list_groups
from weatherapp.api.limits import KEY_FACTOR
from weatherapp.api.operations import Operation, Parameter
from weatherapp.api.schema import Resource, Schema, of
from weatherapp.pages.problem_json import ERRORS, PROBLEM_TYPE

VERSION = "1"
PROBLEM = "Problem"
KEY = "key"
EVERYWHERE = (400, 401, 406, 429)
WITH_BODY = (413, 415, 422)
ABOUT = (
    "Weather, alerts and scores of this site: free to read, without a key and from any other site. "
    "This site is no warning authority.\n\n"
    "Times are RFC 3339 in UTC; numbers are in the unit that their name ends with; probabilities are 0 to 1. "
    "Fields may be added: readers pass over those that they do not know. Errors are problem details "
    "(RFC 9457). A client may ask {limit} times in a minute, with a key {factor} times as often."
)
PROBLEM_SCHEMA = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457).",
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Leads to an explanation."},
        "title": {"type": "string", "description": "What this code means."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "code": {"type": "string", "description": "For programs; it stays."},
        "detail": {"type": "string", "description": "What is wrong with this request."},
        "errors": {
            "type": "array",
            "description": "All that is wrong, each with where it is.",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "Into the body (RFC 6901).",
                    },
                    "parameter": {"type": "string", "description": "Of the address."},
                    "detail": {"type": "string", "description": "What is wrong there."},
                },
                "required": ["detail"],
            },
        },
    },
    "required": ["type", "title", "status", "code", "detail"],
}


def describe_api() -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _describe(operation)
    about = ABOUT.format(limit=settings.API_REQUESTS_A_MINUTE, factor=KEY_FACTOR)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{settings.SITE_NAME}: API", "version": VERSION, "description": about},
        "servers": [{"url": settings.SITE_URL}],
        "tags": [{"name": name} for name in list_groups()],
        "paths": paths,
        "components": {
            "schemas": {
                **{resource.name: resource.schema for resource in find_resources()},
                PROBLEM: PROBLEM_SCHEMA,
            },
            "securitySchemes": {
                KEY: {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key that the operator of the site has made.",
                }
            },
        },
    }


def find_resources() -> list[Resource]:
    """All that answers are made of, by name."""
    found: dict[str, Resource] = {}
    for operation in OPERATIONS:
        _collect(operation.answer, found)
    return [found[name] for name in sorted(found)]


def _collect(resource: Resource, found: dict[str, Resource]) -> None:
    found[resource.name] = resource
    for one in resource.fields:
        if one.type.resource is not None:
            _collect(one.type.resource, found)


def _describe(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.group],
        "summary": operation.summary,
        "parameters": [*_describe_path(operation), *map(_describe_parameter, operation.parameters)],
        "responses": {
            str(operation.status): _describe_answer(operation),
            **{str(status): _describe_problem(status) for status in list_problems(operation)},
        },
        # Without a key, or with any; what needs one says which.
        "security": [{KEY: []}] if operation.scope else [{}, {KEY: []}],
    }
    if description := _say_more(operation):
        described["description"] = description
    if operation.body is not None:
        content = {"application/json": {"schema": operation.body}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def list_problems(operation: Operation) -> list[int]:
    """The statuses that it refuses with."""
    with_key = (403,) if operation.scope else ()
    with_body = WITH_BODY if operation.body is not None else ()
    return sorted({*EVERYWHERE, *with_key, *with_body, *operation.problems})


def _say_more(operation: Operation) -> str:
    scope = f"Needs a key that allows `{operation.scope}`." if operation.scope else ""
    return " ".join(filter(None, (operation.description, scope)))


def _describe_path(operation: Operation) -> Iterable[dict[str, Any]]:
    for name, type in operation.path_types.items():
        yield {"name": name, "in": "path", "required": True, "schema": type.schema}


def _describe_parameter(parameter: Parameter) -> dict[str, Any]:
    schema = dict(parameter.type.schema)
    if parameter.usual is not None:
        schema["default"] = parameter.usual
    described = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "schema": schema,
    }
    return described | ({} if parameter.example is None else {"example": parameter.example})


def _describe_answer(operation: Operation) -> dict[str, Any]:
    schema = of(operation.answer).schema
    content = {"application/json": {"schema": _page_of(schema) if operation.is_list else schema}}
    headers = {"RateLimit": _header("What is left: r requests in t seconds.")}
    if operation.is_safe:
        headers["ETag"] = _header("For If-None-Match, which is answered with 304.")
    if operation.is_list:
        headers["Link"] = _header("The next page, if there is one (RFC 8288).")
    if operation.locate is not None:
        headers["Location"] = _header("The address of what was made.")
    return {"description": operation.summary, "headers": headers, "content": content}


def _header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}}


def _page_of(schema: Schema) -> Schema:
    return {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": schema},
            "next": {
                "type": ["string", "null"],
                "format": "uri",
                "description": "The address of the next page; null behind the last.",
            },
        },
        "required": ["items", "next"],
    }


def _describe_problem(status: int) -> dict[str, Any]:
    content = {PROBLEM_TYPE: {"schema": {"$ref": f"#/components/schemas/{PROBLEM}"}}}
    return {"description": ERRORS[status][1], "content": content}
