"""A column that holds its row's name as it is searched: without case and accents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from weatherapp.domain.names import fold_name

if TYPE_CHECKING:  # Django's field knows no types while it runs
    Text = models.CharField[str, str]
else:
    Text = models.CharField


class FoldedNameField(Text):
    """The name as it is searched: written with each row that is inserted or saved, also in bulk."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = fold_name(str(getattr(model_instance, "name", "")))[: self.max_length]
        setattr(model_instance, self.attname, folded)
        return folded
