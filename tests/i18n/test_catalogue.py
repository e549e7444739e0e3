"""Every language is whole: nothing untranslated, nothing doubtful, nothing old."""

from __future__ import annotations

import gettext
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.i18n.catalogue import LOCALE, list_placeholders, read_catalogue

LANGUAGES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
ROOT = LOCALE.parent.parent
SOURCES = ("weatheralert", "weatherapp")
UNREAD = shutil.ignore_patterns("__pycache__", "*.sqlite3", "*.gz", "static")

pytestmark = pytest.mark.parametrize("language", LANGUAGES)


def find(language: str, suffix: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"django{suffix}"


def test_no_message_is_untranslated(language):
    missing = [entry.key for entry in read_catalogue(find(language, ".po")) if not all_said(entry)]

    assert missing == []


def test_no_translation_is_in_doubt(language):
    fuzzy = [entry.key for entry in read_catalogue(find(language, ".po")) if entry.is_fuzzy]

    assert fuzzy == []


def test_placeholders_agree(language):
    """Every one of the original's plural, and none that is not there; "one" may leave out a count."""
    wrong = []
    for entry in read_catalogue(find(language, ".po")):
        known = set().union(*map(list_placeholders, entry.originals))
        needed = list_placeholders(entry.originals[-1])
        said = [list_placeholders(text) for text in entry.translations]
        if any(names - known for names in said) or needed - said[-1]:
            wrong.append(entry.key)

    assert wrong == []


def test_the_compiled_catalogue_says_the_same(language):
    """It is what the site reads: `make messages` writes it."""
    with find(language, ".mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)._catalog
    catalogue.pop("")
    expected = {}
    for entry in read_catalogue(find(language, ".po")):
        context, text, plural = entry.key
        name = f"{context}\x04{text}" if context else text
        if plural:
            for index, translation in enumerate(entry.translations):
                expected[name, index] = translation
        else:
            expected[name] = entry.translations[0]

    assert catalogue == expected


def test_the_catalogue_holds_what_the_sources_say(language, tmp_path):
    """As `make messages` would write it now: no message is missing, and none is left over."""
    if not shutil.which("xgettext") and not os.environ.get("CI"):
        pytest.skip("xgettext is not installed: Debian's package gettext has it")
    for name in SOURCES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=UNREAD)
    shutil.copy(ROOT / "manage.py", tmp_path)
    command = [sys.executable, "manage.py", "makemessages", "--no-obsolete", "--locale", language]
    # The copies of the sources come first on the path; what they import is where it was.
    here = {"DJANGO_SETTINGS_MODULE": "weatheralert.settings", "PYTHONPATH": str(ROOT)}
    environment = os.environ | here
    subprocess.run(
        command, cwd=tmp_path, env=environment, check=True, capture_output=True, timeout=120
    )

    made = read_catalogue(tmp_path / find(language, ".po").relative_to(ROOT))

    kept = {entry.key for entry in read_catalogue(find(language, ".po"))}
    assert {entry.key for entry in made} == kept


def all_said(entry) -> bool:
    return bool(entry.translations) and all(entry.translations)
