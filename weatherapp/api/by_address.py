"""Which operations answer which of the API's addresses."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse

from weatherapp.api.answering import make_view
from weatherapp.api.catalogue import OPERATIONS
from weatherapp.api.operations import Operation
from weatherapp.api.views import about_api, description

BY_ADDRESS: dict[str, list[Operation]] = {}
for operation in OPERATIONS:
    BY_ADDRESS.setdefault(operation.address, []).append(operation)

VIEWS: dict[str, Callable[..., HttpResponse]] = {
    "api": about_api,
    "api_description": description,
    **{name: make_view(operations) for name, operations in BY_ADDRESS.items()},
}
