"""What the documents name is there: files, links, commands, settings."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests import ROOT

DOCUMENTS = sorted(
    str(path.relative_to(ROOT))
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
    if path.name != "CHANGELOG.md"  # it speaks of what was, too
)
# Made by a run, given by an operator, or in another project.
ELSEWHERE = {"var", "jane.json", "dist/utils/app-json.schema.json"}
# Endings of files of this project: `weatherapp.tasks` or `and/or` is no path.
FILE = re.compile(r"[\w.-]+\.(py|md|sh|toml|yaml|yml|json|html|css|js|txt|conf)")
PATH = re.compile(r"(?!\d)[\w.-]+(/[\w.*-]+)+/?")
FENCED = re.compile(r"^```.*?^```", re.M | re.S)


@cache
def list_paths() -> frozenset[str]:
    """Of all files and folders, with a stroke before them."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    files = listed.stdout.splitlines()
    folders = {str(parent) for name in files for parent in Path(name).parents}
    return frozenset(f"/{name}" for name in (*files, *folders))


@cache
def read(name: str) -> str:
    return (ROOT / name).read_text()


def list_code(name: str) -> list[str]:
    """What is written as code, a line or a span each."""
    blocks = [line for block in FENCED.findall(read(name)) for line in block.splitlines()]
    return blocks + re.findall(r"`([^`\n]+)`", FENCED.sub("", read(name)))


def find_in_code(name: str, pattern: str) -> set[str]:
    return {found for code in list_code(name) for found in re.findall(pattern, code)}


def is_there(path: str) -> bool:
    """From the root, or from within a package, as the documents shorten it."""
    path = path.rstrip("/")
    if "*" in path:
        return any(Path(known).match(path) for known in list_paths())
    return path in ELSEWHERE or any(known.endswith(f"/{path}") for known in list_paths())


def to_anchor(heading: str) -> str:
    """As the places where the documents are read make them."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_files_that_a_document_names_are_there(name):
    words = {word for code in list_code(name) for word in re.split(r"[\s,;()=\"']+", code)}
    paths = {word.rstrip(".:").split("::")[0] for word in words}
    first_parts = {path.split("/")[1] for path in list_paths()}
    named = {
        path
        for path in paths
        if FILE.fullmatch(path)
        or (PATH.fullmatch(path) and (FILE.search(path) or path.partition("/")[0] in first_parts))
    }

    assert {path for path in named if not is_there(path)} == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_of_a_document_lead_somewhere(name):
    for target, anchor in re.findall(r"\]\(([^)#\s]*)#?([^)\s]*)\)", FENCED.sub("", read(name))):
        if "://" in target or target.startswith("mailto:"):
            continue
        there = (ROOT / name).parent / target if target else ROOT / name
        assert there.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", there.read_text(), re.M)
            assert anchor in map(to_anchor, headings), f"{target}#{anchor}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_of_a_document_exist(name):
    targets = set(re.findall(r"^([a-z][a-z-]*):", read("Makefile"), re.M))
    modules = find_in_code(name, r"python -m ([a-z_]+(?:\.[a-z_]+)+)")

    assert find_in_code(name, r"\bmake ([a-z][a-z-]*)") <= targets
    assert find_in_code(name, r"manage\.py ([a-z_]+)") <= set(get_commands())
    assert {
        module
        for module in modules
        if not any(is_there(f"{module.replace('.', '/')}{end}") for end in (".py", "/__main__.py"))
    } == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_migrations_that_a_document_names_exist(name):
    for number in find_in_code(name, r"migrate weatherapp (\w+)"):
        assert list((ROOT / "weatherapp" / "migrations").glob(f"{number}*.py")), number


def test_the_index_leads_to_every_document():
    linked = set(re.findall(r"\]\(([\w.-]+\.md)", read("docs/README.md")))

    assert linked >= {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}


def test_the_example_of_an_environment_names_every_setting():
    """Each but what platforms and tests say."""
    read_by = r"(?:text|words|number|choice|flag|address|missing|\w+_amount)\(\s*\"([A-Z_]+)\""
    modules = (ROOT / "weatheralert").glob("*.py")
    known = {name for path in modules for name in re.findall(read_by, path.read_text())}
    shown = set(re.findall(r"^#? ?([A-Z_]+)=", read(".env.example"), re.M))

    assert len(known) > 30
    assert known - shown == {"HEROKU_BUILD_COMMIT", "HEROKU_SLUG_COMMIT", "VAR_DIR"}
