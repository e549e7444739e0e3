"""A page's style sheet as it is collected: all that it imports is in it."""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

from tests import ROOT
from weatheralert.static_files import merge

TEMPLATES = ROOT / "weatherapp/templates"
PAGES = sorted((ROOT / "weatherapp/static/css/pages").glob("*.css"))
LINK = re.compile(r'rel="stylesheet" href="{% static "([^"]+)" %}"')


def merge_of(**sheets):
    """`a.css` of sheets by their paths."""
    return merge("css/a.css", {f"css/{name}": text for name, text in sheets.items()}.__getitem__)


def test_imports_are_replaced_in_their_order_and_their_own_imports_too():
    sheets = {
        "a.css": '@import "b.css";\n@import "c.css";\na {}\n',
        "b.css": '@import "parts/d.css";\nb {}\n',
        "c.css": "c {}\n",
        "parts/d.css": "d {}\n",
    }

    assert merge_of(**sheets) == "d {}\nb {}\nc {}\na {}\n"


def test_other_hosts_stay_where_they_are():
    outside = '@import "https://example.org/a.css";\n'

    assert merge_of(**{"a.css": outside}) == outside


def test_what_would_name_another_file_is_refused():
    sheets = {"a.css": '@import "parts/d.css";\n', "parts/d.css": "d { background: url(d.png) }"}

    with pytest.raises(ValueError, match=r"parts/d\.css names files"):
        merge_of(**sheets)


def test_what_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        merge_of(**{"a.css": '@import "b.css";\n'})


@pytest.mark.slow
def test_collected_sheets_import_nothing_and_stand_under_their_contents_name(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    storage = "weatheralert.static_files.MergedStaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": storage}}
    for _ in range(2):  # the second finds what the first has left
        call_command("collectstatic", verbosity=0, interactive=False)

    for page in PAGES:
        (hashed,) = (tmp_path / "css/pages").glob(f"{page.stem}.????????????.css")
        assert "@import" not in hashed.read_text()
        assert "--ground:" in hashed.read_text()
        assert hashed.with_name(f"{hashed.name}.gz").exists()


def test_every_page_of_readers_has_one_sheet():
    linked = {}
    for path in TEMPLATES.rglob("*.html"):
        if path.relative_to(TEMPLATES).parts[0] != "admin" and (
            found := LINK.findall(path.read_text())
        ):
            linked[path.name if path.parent == TEMPLATES else path.parent.name + path.name] = found

    assert {len(found) for found in linked.values()} == {1}
    assert {name for (name,) in linked.values()} == {f"css/pages/{one.name}" for one in PAGES}
    assert all(finders.find(name) for (name,) in linked.values())
