"""Holds answers against the document that describes them, with a validator of others."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from weatherapp.api.openapi import describe_api


def check_answer(operation: Any, response: Any) -> None:
    document = describe_api()
    described = document["paths"][operation.path][operation.method.lower()]
    answers = described["responses"][str(response.status_code)]["content"]
    kind = response["Content-Type"].partition(";")[0]
    schema = answers[kind]["schema"] | {"components": document["components"]}
    checker = Draft202012Validator(schema, format_checker=FormatChecker())
    assert [error.message for error in checker.iter_errors(response.json())] == []
