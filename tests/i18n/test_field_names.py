"""Every field of a table in the admin has a name, and its help and choices, in every language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import override

from tests.i18n.catalogue import LOCALE, read_catalogue

LANGUAGES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


# Of HTTP and of algorithms: the same in every language.
NAMES = {"ETag", "Last-Modified", "SHA-256"}


def list_models() -> list[type[models.Model]]:
    """Those of this site that the admin shows, as rows of their own or below another's."""
    admin.autodiscover()
    ours = set(apps.get_app_config("weatherapp").get_models())
    shown = set(admin.site._registry)
    for model_admin in list(admin.site._registry.values()):
        shown |= {inline.model for inline in model_admin.inlines}
    return sorted(shown & ours, key=lambda model: model.__name__)


def list_texts(model: type[models.Model]) -> Iterator[tuple[str, object]]:
    """What is said of it, by where that is written; what the database makes up by itself left out."""
    yield "Meta.verbose_name", model._meta.verbose_name
    yield "Meta.verbose_name_plural", model._meta.verbose_name_plural
    for field in model._meta.local_fields + model._meta.local_many_to_many:
        if field.auto_created:
            continue
        yield field.name, field.verbose_name
        if field.help_text:
            yield f"{field.name}'s help", field.help_text
        for _value, label in field.choices or ():
            yield f"{field.name}'s choices", label


def find_unnamed(model: type[models.Model], said: set[str]) -> list[str]:
    """What is no translatable text, or none of those `said`."""
    with override(settings.LANGUAGE_CODE):
        return [
            f"{model.__name__}, {where}: {text}"
            for where, text in list_texts(model)
            if str(text) not in NAMES and (not isinstance(text, Promise) or str(text) not in said)
        ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_its_name_in_every_language(language):
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    said = {entry.texts["msgid"] for entry in read_catalogue(path) if all(entry.translations)}

    assert [line for model in list_models() for line in find_unnamed(model, said)] == []


def test_tables_below_others_are_among_them():
    names = {model.__name__ for model in list_models()}

    assert {"Place", "Alert", "AlertChange", "Suppression"} <= names


def test_a_field_without_a_name_of_its_own_is_found():
    class Shelf(models.Model):
        made_at = models.DateTimeField()

        class Meta:
            app_label = "tests"
            managed = False

        def __str__(self) -> str:
            return "a shelf"

    found = find_unnamed(Shelf, {"made at", "shelf"})

    assert [line.split(":")[0] for line in found] == [
        "Shelf, Meta.verbose_name",
        "Shelf, Meta.verbose_name_plural",
        "Shelf, made_at",
    ]
