"""One door for all forms in which warnings come."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest

from tests.official.making import (
    CAP,
    SQUARE,
    make_area,
    make_cap,
    make_feed,
    make_info,
    make_nws,
    make_nws_feed,
    read,
)
from weatherapp.official.documents.read import read_document

EDXL = (
    '<e:EDXLDistribution xmlns:e="urn:oasis:names:tc:emergency:EDXL:DE:1.0">'
    "<e:distributionStatus>{status}</e:distributionStatus><e:contentObject><e:xmlContent>"
    "<e:embeddedXMLContent>{cap}</e:embeddedXMLContent></e:xmlContent></e:contentObject>"
    "</e:EDXLDistribution>"
)
FLAT = make_nws()["properties"]


def pack(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return packed.getvalue()


def as_json() -> dict:
    return {
        "identifier": "a",
        "sender": "s",
        "sent": "2026-03-01T09:00:00+00:00",
        "status": "Actual",
        "msgType": "Alert",
        "scope": "Public",
        "info": [
            {
                "event": "Wind",
                "language": "en",
                "severity": "Moderate",
                "area": [
                    {
                        "areaDesc": "Bihac",
                        "geocode": [{"valueName": "EMMA_ID", "value": "BA001"}],
                    }
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(make_cap(), id="CAP 1.2"),
        pytest.param(make_cap(namespace=CAP.replace("1.2", "1.1")), id="CAP 1.1"),
        pytest.param(make_cap(namespace="http://www.incident.com/cap/1.0"), id="CAP 1.0"),
        pytest.param(make_cap().replace("<", "<c:").replace("<c:/", "</c:"), id="prefixed"),
        pytest.param("\ufeff\n" + make_cap(), id="byte order mark and an empty line"),
        pytest.param(f"<alerts>{make_cap()}</alerts>", id="in a wrapper"),
        pytest.param(EDXL.format(status="Actual", cap=make_cap()), id="EDXL-DE"),
        pytest.param(
            make_feed(f"<entry><id>x</id><content>{make_cap()}</content></entry>"), id="in Atom"
        ),
        pytest.param(f"<rss><channel><item>{make_cap()}</item></channel></rss>", id="in RSS"),
        pytest.param(
            json.dumps({"warnings": [{"alert": as_json(), "uuid": "u"}]}), id="MeteoAlarm"
        ),
        pytest.param(json.dumps({"alert": as_json()}), id="one of MeteoAlarm"),
        pytest.param(json.dumps(as_json()), id="CAP as JSON"),
        pytest.param(json.dumps([as_json()]), id="a bare list"),
        pytest.param(make_nws_feed(make_nws("a")), id="NWS FeatureCollection"),
        pytest.param(json.dumps(make_nws("a")), id="NWS Feature"),
        pytest.param(json.dumps({"@graph": [FLAT | {"id": "a"}]}), id="NWS @graph"),
        pytest.param(json.dumps(FLAT | {"id": "a", "@type": "wx:Alert"}), id="NWS alone"),
        pytest.param(pack(a_xml=make_cap().encode()), id="zip"),
        pytest.param(gzip.compress(make_cap().encode()), id="gzip"),
    ],
)
def test_a_warning_is_read_from_every_wrapping(body):
    (message,) = read(body)

    assert (message.identifier, message.status, message.message_type) == ("a", "Actual", "Alert")
    assert message.infos[0].severity == "Moderate"
    assert message.infos[0].areas[0].geocodes


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(make_feed(), id="Atom"),
        pytest.param("<rss><channel><title>x</title></channel></rss>", id="RSS"),
        pytest.param("<alerts/>", id="wrapper"),
        pytest.param('{"warnings": []}', id="MeteoAlarm"),
        pytest.param('{"type": "FeatureCollection", "features": []}', id="NWS"),
        pytest.param(pack(), id="zip"),
    ],
)
def test_a_quiet_day_is_no_error(body):
    document = read_document(body if isinstance(body, bytes) else body.encode())

    assert (document.messages, document.links, document.dropped) == ((), (), ())
    assert document.is_complete


def test_an_exercise_is_one_by_its_envelope():
    document = read_document(EDXL.format(status="Exercise", cap=make_cap()).encode())

    assert document.messages == ()
    assert "Exercise" in document.dropped[0].reason


def test_all_that_cap_knows_is_kept():
    info = make_info(
        responseType="Prepare",
        effective="2026-03-01T09:30:00+00:00",
        audience="Sailors",
        instruction="Stay in.",
        web="https://office.example/w",
        contact="us",
        rest=(
            "<eventCode><valueName>SAME</valueName><value>HWW</value></eventCode>"
            "<parameter><valueName>gusts</valueName><value>90 km/h</value></parameter>"
            "<resource><resourceDesc>Map</resourceDesc><mimeType>image/png</mimeType>"
            "<uri>https://office.example/m.png</uri><derefUri>AAAA</derefUri></resource>"
            + make_area(
                polygon=SQUARE,
                circle="47.5,8.5 10",
                codes=[("EMMA_ID", "CH001")],
                rest="<altitude>100</altitude><ceiling>3000</ceiling>",
            )
        ),
    )
    (message,) = read(make_cap(infos=[info], references=["z"]))
    (read_info,) = message.infos
    (area,) = read_info.areas

    assert message.references[0].identifier == "z"
    assert read_info.response_types == ("Prepare",)
    assert read_info.event_codes == (("SAME", "HWW"),)
    assert read_info.parameters == (("gusts", "90 km/h"),)
    assert read_info.resources[0].uri == "https://office.example/m.png"
    assert (read_info.audience, read_info.instruction) == ("Sailors", "Stay in.")
    assert (read_info.web, read_info.contact) == ("https://office.example/w", "us")
    assert (area.altitude_ft, area.ceiling_ft) == (100.0, 3000.0)
    assert area.circles[0].radius_km == 10
    assert area.polygons[0][0] == (47.0, 8.0)
    assert message.issuer == "The Office"


def test_a_feed_of_links_gives_links_and_what_entries_say():
    entry = (
        "<entry><cap:identifier>w</cap:identifier><cap:event>Wind</cap:event>"
        "<cap:sent>2026-03-01T09:00:00+00:00</cap:sent><cap:expires>2026-03-01T18:00:00+00:00"
        "</cap:expires><cap:severity>Severe</cap:severity><cap:status>Actual</cap:status>"
        "<cap:message_type>Update</cap:message_type><cap:geocode><valueName>EMMA_ID</valueName>"
        "<value>PL{code}</value></cap:geocode><link href='https://o.example/about' hreflang='en'/>"
        "<link href='https://o.example/w.xml' type='application/cap+xml'/>"
        "<id>https://o.example/w.xml?index_geocode={code}</id></entry>"
    )
    document = read_document(make_feed(entry.format(code=1), entry.format(code=2)).encode())
    (message,) = document.messages
    (link,) = document.links

    assert (link.url, link.identifier) == ("https://o.example/w.xml", "w")
    assert message.is_summary
    assert message.message_type == "Update"
    codes = [code for area in message.infos[0].areas for _, code in area.geocodes]
    assert codes == ["PL1", "PL2"]


def test_an_rss_item_that_tells_of_a_warning_is_of_its_feeds_office():
    item = (
        "<item><title>Gale</title><link>https://o.example/1.xml</link><guid>g</guid>"
        "<pubDate>Sun, 01 Mar 2026 09:00:00 GMT</pubDate><cap:severity>Severe</cap:severity></item>"
    )
    channel = (
        f"<channel><title>The Office</title><image><title>Logo</title></image>{item}</channel>"
    )
    (message,) = read(f"<rss>{channel}</rss>")

    assert (message.identifier, message.issuer) == ("g", "The Office")
    assert message.infos[0].headline == "Gale"


def test_an_rss_item_without_cap_is_a_link():
    item = (
        "<item><title>Flood</title><link>https://o.example/1.xml</link><guid>g</guid>"
        "<pubDate>Sun, 01 Mar 2026 09:00:00 GMT</pubDate></item>"
    )
    document = read_document(f"<rss><channel>{item}</channel></rss>".encode())

    assert document.messages == ()
    assert (document.links[0].url, document.links[0].identifier) == ("https://o.example/1.xml", "g")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "//host", "http://["])
def test_only_addresses_of_the_web_are_links(url):
    document = read_document(make_feed(f"<entry><link href='{url}'/></entry>").encode())

    assert document.links == ()
    assert len(document.dropped) == 1


def test_a_damaged_file_of_a_zip_is_said_and_the_others_are_read():
    document = read_document(
        pack(a_xml=make_cap().encode(), b_xml=make_cap().encode()[:200], readme_txt=b"hello")
    )

    assert len(document.messages) == 1
    assert {one.identifier for one in document.dropped} == {"b.xml", "readme.txt"}
    assert not document.is_complete


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(make_cap(identifier=""), "identifier", id="no identifier"),
        pytest.param(make_cap(sent="yesterday"), "sent", id="no time"),
        pytest.param(make_nws_feed(make_nws("")).decode(), "id", id="NWS without an id"),
        pytest.param(make_nws_feed(make_nws(sent="x", effective=None)).decode(), "sent", id="NWS"),
    ],
)
def test_a_message_that_lacks_what_it_must_have_is_dropped_with_the_reason(body, reason):
    document = read_document(body.encode())

    assert document.messages == ()
    assert reason in document.dropped[0].reason
