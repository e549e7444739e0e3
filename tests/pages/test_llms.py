"""/llms.txt: what programs that read for people are told."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.django_db
LINK = re.compile(r"^- \[([^\]]+)\]\(http://testserver(/[^)]*)\)(: .+)?$")


def test_it_has_the_form_of_llmstxt_org(client):
    answer = client.get("/llms.txt")
    lines = [line for line in answer.content.decode().splitlines() if line]

    assert answer["Content-Type"].startswith("text/markdown")
    assert lines[0] == "# Weather alerts"
    assert lines[1].startswith("> ")
    sections = [line for line in lines if line.startswith("## ")]
    assert sections[-1] == "## Optional"
    assert all(LINK.match(line) for line in lines if line.startswith("- "))


def test_every_link_leads_somewhere(client):
    text = client.get("/llms.txt").content.decode()
    paths = [match[2] for line in text.splitlines() if (match := LINK.match(line))]

    assert len(paths) > 8
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_it_says_that_the_site_is_no_authority_and_that_no_data_is_not_no_alert(client):
    text = client.get("/llms.txt").content.decode()

    assert "This site is not a warning authority." in text
    assert '"No data" is not "no alert".' in text


def test_a_name_of_several_lines_stays_one_heading(client, settings):
    settings.SITE_NAME = "Weather & more\n## Not a section"

    lines = client.get("/llms.txt").content.decode().splitlines()

    assert lines[0] == "# Weather & more ## Not a section"


def test_robots_are_told_where_it_is(client):
    assert "/llms.txt" in client.get("/robots.txt").content.decode()
