"""Documents that want to do harm, or that are broken: a named error, in bounded time and memory."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
import zipfile

import pytest

from tests.official.making import (
    SQUARE,
    make_area,
    make_cap,
    make_feed,
    make_info,
    make_nws,
    make_nws_feed,
)
from weatherapp.official.documents.errors import (
    DocumentError,
    ForbiddenXmlError,
    NotADocumentError,
    ServiceProblemError,
    TooDeepError,
    TooLargeError,
    TooManyEntriesError,
    TruncatedError,
    WebPageError,
    WrongCharsetError,
)
from weatherapp.official.documents.packed import MOST_MEMBERS
from weatherapp.official.documents.read import MOST_BYTES, read_document, read_items

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def zip_of(count: int, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for index in range(count):
            archive.writestr(f"{index}.xml", content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        pytest.param(
            b'<!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            + make_cap("&x;").encode(),
            ForbiddenXmlError,
            id="XXE",
        ),
        pytest.param(
            b'<!DOCTYPE alert SYSTEM "http://127.0.0.1/x.dtd">' + make_cap().encode(),
            ForbiddenXmlError,
            id="DTD elsewhere",
        ),
        pytest.param(
            f'<!DOCTYPE alert [<!ENTITY l0 "ha">{LAUGHS}]>{make_cap("&l9;")}'.encode(),
            ForbiddenXmlError,
            id="billion laughs",
        ),
        pytest.param(make_cap("&nbsp;").encode(), NotADocumentError, id="entity of nobody"),
        pytest.param(make_cap().encode()[:-20], TruncatedError, id="XML cut off"),
        pytest.param(make_cap().encode()[:-2], TruncatedError, id="XML cut off in a tag"),
        pytest.param(make_nws_feed(make_nws())[:-30], TruncatedError, id="JSON cut off"),
        pytest.param(b'{"warnings": [', TruncatedError, id="JSON cut off in a list"),
        pytest.param(b'{"warnings": [{"alert": "ab', TruncatedError, id="JSON cut off in a text"),
        pytest.param(b"", TruncatedError, id="empty"),
        pytest.param(b" \n", TruncatedError, id="blank"),
        pytest.param(zip_of(1, make_cap().encode())[:-30], TruncatedError, id="zip cut off"),
        pytest.param(
            b"<!DOCTYPE html><html><body>Maintenance</body></html>", WebPageError, id="web page"
        ),
        pytest.param(b"<html><p>a<br></html>", WebPageError, id="careless web page"),
        pytest.param(b"<html><p>x</p></html>", WebPageError, id="neat web page"),
        pytest.param(
            b'{"type": "about:blank", "title": "Unexpected Problem", "status": 500, "detail": "x"}',
            ServiceProblemError,
            id="problem that HTTP calls 200",
        ),
        pytest.param(b'{"error": true, "reason": "x"}', NotADocumentError, id="other JSON"),
        pytest.param(b'{"features": [{"properties": {}}]}', NotADocumentError, id="other GeoJSON"),
        pytest.param(b'{"warnings": {"marine": []}}', NotADocumentError, id="another's warnings"),
        pytest.param(b'{"warnings": []} and more', NotADocumentError, id="text after JSON"),
        pytest.param(b'{"warnings": [NaN]}', NotADocumentError, id="NaN"),
        pytest.param(b'{"x": %s}' % (b"9" * 5000), NotADocumentError, id="endless number"),
        pytest.param(b"{,}", NotADocumentError, id="no JSON"),
        pytest.param(b"[]", NotADocumentError, id="an empty list"),
        pytest.param(b"<svg/>", NotADocumentError, id="other XML"),
        pytest.param(b"<alert>hello</alert>", NotADocumentError, id="another's alert"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0", NotADocumentError, id="picture"),
        pytest.param(b"no warnings", NotADocumentError, id="plain text"),
        pytest.param(b"<a>" * 10_000, TooDeepError, id="deep XML"),
        pytest.param(b'{"x": ' + b"[" * 100_000, TooDeepError, id="deep JSON"),
        pytest.param(b"<" + b"a" * MOST_BYTES, TooLargeError, id="large"),
        pytest.param(zip_of(1, b" " * 70_000_000), TooLargeError, id="zip bomb"),
        pytest.param(zip_of(MOST_MEMBERS + 1, b""), TooManyEntriesError, id="many files"),
        pytest.param(
            make_feed("<entry/>" * 20_001).encode(), TooManyEntriesError, id="many entries"
        ),
        pytest.param(b'{"features": [%s 1]}' % (b"1," * 20_000), TooManyEntriesError, id="JSON"),
        pytest.param(
            b'<?xml version="1.0" encoding="shift_jis"?>' + b"<a>\xff\xfe</a>",
            WrongCharsetError,
            id="not of the charset",
        ),
    ],
)
def test_a_bad_document_is_refused_by_name(body, error):
    with pytest.raises(DocumentError) as raised:
        read_document(body)

    assert type(raised.value) is error


def test_a_damaged_zip_is_refused_by_name():
    whole, refused = zip_of(2, make_cap().encode()), 0

    for index in range(0, len(whole), 3):
        damaged = whole[:index] + bytes([whole[index] ^ 0xFF]) + whole[index + 1 :]
        try:
            read_document(b"PK\x03\x04" + damaged[4:])
        except DocumentError:  # any other error fails the test
            refused += 1

    assert refused > 20


def test_a_long_sender_takes_no_longer():
    (message,) = read_document(make_cap(sender="a." * 500_000).encode()).messages

    assert len(message.sender) == 1_000_000


def test_a_gzip_bomb_is_not_unpacked():
    bomb = gzip.compress(b" " * 65_000_000, compresslevel=1)

    with pytest.raises(TooLargeError):
        read_document(bomb)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(make_cap("ä").encode("utf-8"), None, id="UTF-8, nothing said"),
        pytest.param(
            make_cap("ä").encode("utf-8"), "text/xml; charset=iso-8859-1", id="header lies"
        ),
        pytest.param(
            ('<?xml version="1.0" encoding="ISO-8859-1"?>' + make_cap("ä")).encode("utf-8"),
            None,
            id="declaration lies",
        ),
        pytest.param(
            ('<?xml version="1.0" encoding="ISO-8859-1"?>' + make_cap("ä")).encode("latin-1"),
            None,
            id="Latin-1",
        ),
        pytest.param(
            make_cap("ä").encode("latin-1"), 'text/xml; charset="iso-8859-1"', id="by the header"
        ),
        pytest.param(
            ('<?xml version="1.0" encoding="utf-8"?>' + make_cap("ä")).encode("latin-1"),
            None,
            id="Latin-1 that claims UTF-8",
        ),
        pytest.param(make_cap("ä").encode("utf-16"), None, id="UTF-16"),
        pytest.param(make_cap("ä").encode("utf-16-be"), None, id="UTF-16 without a mark"),
        pytest.param(
            ('<?xml version="1.0" encoding="gb2312"?>' + make_cap("ä")).encode("gb18030"),
            None,
            id="Chinese",
        ),
        pytest.param(make_nws_feed(make_nws("ä")), "application/json", id="JSON"),
    ],
)
def test_the_charset_is_found_whatever_is_claimed(body, content_type):
    (message,) = read_document(body, content_type).messages

    assert message.identifier == "ä"


@pytest.mark.parametrize("name", ["zip", "punycode", "hex", "unicode_escape", "nonsense"])
def test_a_charset_that_is_none_is_not_followed(name):
    body = f'<?xml version="1.0" encoding="{name}"?>{make_cap("ä")}'.encode("latin-1")

    (message,) = read_document(body).messages

    assert message.identifier == "ä"


@pytest.mark.slow
def test_ten_thousand_entries_are_read():
    entries = make_feed(*(f"<entry>{make_cap(str(n))}</entry>" for n in range(10_000)))

    assert len(read_document(entries.encode()).messages) == 10_000


@pytest.mark.slow
def test_a_large_feed_takes_no_more_memory_than_one_of_its_messages():
    entry = f"<entry>{make_cap(infos=[make_info(description='x' * 100_000)])}</entry>"
    body = make_feed(entry * 94).encode()

    tracemalloc.start()
    count = sum(1 for _ in read_items(body))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert count == 94
    assert peak < 4_000_000


def test_what_no_database_holds_is_taken_out():
    alert = {"identifier": "a\0b", "sent": "2026-03-01T09:00:00Z", "info": {"event": "\ud800x"}}

    (message,) = read_document(json.dumps({"alert": alert}).encode()).messages

    assert message.identifier == "ab"
    assert message.infos[0].event.encode()


def test_the_same_shape_in_many_languages_is_kept_once():
    info = make_info(rest=make_area(polygon=SQUARE))
    (message,) = read_document(make_cap(infos=[info, info]).encode()).messages

    assert message.infos[0].areas[0] is message.infos[1].areas[0]
