"""The catalogue of the world's feeds: every entry's form, and what was left out."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

from weatherapp.domain.countries import COUNTRIES
from weatherapp.models import SourceKind, WarningSource
from weatherapp.models.warning_source import LONGEST_S, SHORTEST_S
from weatherapp.net.guard import Guard
from weatherapp.official.catalogue import Entry, read_catalogue

ENTRIES = read_catalogue()
LICENCES = {"unknown", "meteoalarm", "cc-by-4.0", "public-domain"}
# https is not offered there.
PLAIN_HTTP = {"sg-mss-en"}
# Collections that are not one country's.
WORLD = {"int-gdacs-en", "int-ifrc-en"}


def test_every_entry_has_its_form():
    for entry in ENTRIES:
        check_form(entry)


def check_form(entry: Entry) -> None:
    assert re.fullmatch(r"[a-z]{2,3}-[a-z0-9-]+", entry.key), entry
    assert urlsplit(entry.address).scheme == ("http" if entry.key in PLAIN_HTTP else "https"), entry
    Guard().check_url(entry.address)
    assert set(entry.countries) <= COUNTRIES, entry
    assert bool(entry.countries) is (entry.key not in WORLD), entry
    assert re.fullmatch(r"[a-z]{2,3}", entry.language), entry
    assert entry.kind in SourceKind.values, entry
    assert SHORTEST_S <= entry.interval_s <= LONGEST_S, entry
    assert entry.licence in LICENCES, entry
    assert entry.issuer == entry.issuer.strip() != "", entry
    assert entry.attribution == entry.attribution.strip() != "", entry
    for name in ("key", "issuer", "address", "attribution", "licence"):
        assert len(getattr(entry, name)) <= WarningSource._meta.get_field(name).max_length, entry


def test_no_key_and_no_address_is_there_twice():
    assert max(Counter(entry.key for entry in ENTRIES).values()) == 1
    assert max(Counter(entry.address for entry in ENTRIES).values()) == 1


def test_the_catalogue_covers_most_countries_of_the_world():
    assert len(ENTRIES) >= 200
    assert len({code for entry in ENTRIES for code in entry.countries}) >= 140
    assert {entry.kind for entry in ENTRIES} == set(SourceKind.values) - {"meteoalarm_atom"}


def test_meteoalarm_names_itself_and_is_asked_within_its_terms():
    """Warnings are shown less than 5 minutes late on average."""
    entries = [entry for entry in ENTRIES if "meteoalarm.org" in entry.address]

    assert len(entries) >= 30
    assert {entry.licence for entry in entries} == {"meteoalarm"}
    assert all("EUMETNET – MeteoAlarm" in entry.attribution for entry in entries)
    assert max(entry.interval_s for entry in entries) <= 300


def test_those_whose_terms_forbid_it_or_are_unclear_are_left_out():
    hosts = {urlsplit(entry.address).hostname for entry in ENTRIES}

    assert not any(host.endswith(("bom.gov.au", "wmo.int")) for host in hosts)
