"""Deleting something together with its history."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar, TypeVar

from django.db.models import Model
from django.http import HttpRequest

from weatherapp.admin.generic import ModelAdmin

Row = TypeVar("Row", bound=Model)


class RemovalAdmin(ModelAdmin[Row]):
    """Who may delete the row may delete the history that hangs on it, and sees how much it is.

    Django by itself would load and list every reading, and then refuse, since nobody may delete
    a reading.
    """

    # What goes with the row: model and its path to the row.
    history: ClassVar[tuple[tuple[type[Model], str], ...]] = ()

    def get_deleted_objects(
        self, objs: Collection[Row], request: HttpRequest
    ) -> tuple[list[Any], dict[Any, int], set[Any], list[Any]]:
        counts = {str(self.opts.verbose_name_plural): len(objs)} | {
            str(model._meta.verbose_name_plural): _count(model, path, objs)
            for model, path in self.history
        }
        shown = {name: count for name, count in counts.items() if count}
        return [str(row) for row in objs], shown, set(), []


def _count(model: type[Model], path: str, rows: Collection[Model]) -> int:
    keys = [row.pk for row in rows]
    return model._default_manager.filter(**{f"{path}__in": keys}).count()
