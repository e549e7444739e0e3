"""What happened: to be read and searched, never edited."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model
from django.http import HttpRequest

from weatherapp.admin.generic import ModelAdmin

Row = TypeVar("Row", bound=Model)


class HistoryAdmin(ModelAdmin[Row]):
    """Read-only. Counting a table that only grows is dear, so only what is shown is counted."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
