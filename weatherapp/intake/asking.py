"""A source's answer over HTTP, with a source's errors."""

from __future__ import annotations

from collections.abc import Mapping

from weatherapp.domain.source_problem import SourceProblem
from weatherapp.intake.source import SourceGarbledError, SourceRefusedError, SourceUnavailableError
from weatherapp.net.client import Client
from weatherapp.net.errors import (
    GarbledError,
    NetError,
    TooLargeError,
    TooSlowError,
    WrongAddressError,
)
from weatherapp.net.reply import Reply


def ask(client: Client, url: str, params: Mapping[str, str]) -> Reply:
    """The answer, whatever its status. Raises SourceError."""
    try:
        return client.get(url, params, accept="application/json")
    except WrongAddressError as error:
        raise SourceRefusedError(str(error)) from error
    except (GarbledError, TooLargeError) as error:
        raise SourceGarbledError(str(error)) from error
    except TooSlowError as error:
        raise SourceUnavailableError(str(error), problem=SourceProblem.TOO_SLOW) from error
    except NetError as error:
        raise SourceUnavailableError(str(error)) from error
