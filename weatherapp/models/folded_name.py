"""A column that holds its row's name as it is searched: without case and accents."""

from __future__ import annotations

from django.db import models

from weatherapp.domain.names import fold_name


class FoldedNameField(models.CharField[str, str]):
    """The name as it is searched: written with each row that is inserted or saved, also in bulk."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = fold_name(str(getattr(model_instance, "name", "")))[: self.max_length]
        setattr(model_instance, self.attname, folded)
        return folded
