"""manage.py import_warnings, from the command line to its output."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.net.servers import say, serve
from tests.official.making import make_cap, make_feed, make_info, with_parameter

AT = ["--at", "2026-03-01T12:00:00+00:00"]
PRIVATE = "--allow-private"


@pytest.fixture
def run(tmp_path, capsys):
    """Of a document, or of an address: what is printed, as JSON, and the status of exit."""

    def run(document, *options):
        if document.startswith("http"):
            source = document
        else:
            source = str(tmp_path / "document")
            (tmp_path / "document").write_text(document)
        status = 0
        try:
            call_command("import_warnings", source, "--json", *AT, *options)
        except CommandError as error:
            status = error.returncode
        return json.loads(capsys.readouterr().out), status

    return run


def answer(status, body):
    head = f"HTTP/1.1 {status} x\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return say(head.encode() + body)


def test_an_event_is_told_whole(run):
    update = make_cap("b", kind="Update", sent="2026-03-01T10:00:00+00:00", references=["a"])
    told, status = run(f"<alerts>{make_cap()}{update}</alerts>")

    assert status == 0
    assert told == {
        "events": [
            {
                "key": "a",
                "identifiers": ["a", "b"],
                "status": "Actual",
                "message_type": "Update",
                "phase": "in force",
                "ended_because": None,
                "severity": "Moderate",
                "onset": "2026-03-01T10:00:00+00:00",
                "expires": "2026-03-01T18:00:00+00:00",
                "has_geometry": False,
                "codes": 1,
                "languages": ["en"],
                "issuer": "The Office",
            }
        ],
        "dropped": [],
        "refused": None,
    }


def test_the_time_decides(run):
    told, _ = run(make_cap(), "--at", "2026-03-02T00:00:00+00:00")

    assert told["events"][0]["phase"] == "ended"
    assert told["events"][0]["ended_because"] == "expired"


def test_what_is_not_used_is_told_with_the_reason(run):
    green = make_info(rest=with_parameter("awareness_level", "1; green; Minor"))
    link = "<entry><id>l</id><link href='https://o.example/l.xml'/></entry>"
    embedded = "".join(
        f"<entry>{cap}</entry>"
        for cap in (make_cap("t", status="Test"), make_cap("g", infos=[green]))
    )
    told, status = run(make_feed(embedded, link))

    assert status == 0
    assert told["events"] == []
    assert told["dropped"] == [
        {"identifier": "t", "reason": "status: Test"},
        {"identifier": "g", "reason": "green: no warning"},
        {"identifier": "l", "reason": "only a link to a message: https://o.example/l.xml"},
    ]


def test_a_refusal_is_told_and_ends_with_65(run):
    told, status = run("<html/>")

    assert status == 65
    assert told == {
        "events": [],
        "dropped": [],
        "refused": {"error": "WebPage", "message": "It is a web page."},
    }


def test_a_document_is_asked_for_by_its_address(run):
    with serve(answer(200, make_cap().encode())) as url:
        told, status = run(url, PRIVATE)

    assert (status, told["events"][0]["key"]) == (0, "a")


@pytest.mark.parametrize(
    ("talk", "options", "error"),
    [
        pytest.param(answer(500, make_cap().encode()), [PRIVATE], "Status", id="status"),
        pytest.param(answer(200, b""), [PRIVATE], "Truncated", id="empty"),
        pytest.param(
            say(b"HTTP/1.1 200 x\r\nContent-Length: 900\r\n\r\n<alert>"),
            [PRIVATE],
            "Truncated",
            id="cut off on the way",
        ),
        pytest.param(
            say(
                b"HTTP/1.1 302 x\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
            ),
            [PRIVATE],
            "ForbiddenAddress",
            id="redirect to the inside",
        ),
        pytest.param(answer(200, make_cap().encode()), [], "ForbiddenAddress", id="own network"),
    ],
)
def test_an_address_that_gives_no_document_is_a_refusal(run, talk, options, error):
    with serve(talk) as url:
        told, status = run(url, *options)

    assert (status, told["refused"]["error"], told["events"]) == (65, error, [])


def test_people_read_lines(tmp_path, capsys):
    (tmp_path / "document").write_text(make_cap("<![CDATA[a&b]]>"))
    call_command("import_warnings", str(tmp_path / "document"), *AT)

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Events: 1. Not used: 0."
    assert lines[1].startswith("in force, Moderate, ")
    assert lines[1].endswith("The Office: a&b")


def test_a_file_that_is_not_there_is_no_document():
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_warnings", "/nowhere/at/all")


@pytest.mark.parametrize("at", ["noon", "2026-03-01T12:00:00"])
def test_a_time_without_an_offset_is_of_no_place(at):
    with pytest.raises(CommandError, match="--at"):
        call_command("import_warnings", "-", "--at", at)
