"""Reads the registers of areas from the archives of geocodes: a GeoJSON file a code.

Many codes are symbolic links to the file of another, in the same archive or in another one.
"""

from __future__ import annotations

import json
import posixpath
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weatherapp.official.areas.geometry import Position
from weatherapp.official.areas.schemes import Scheme

# Of the US the areas that ISO 3166 knows as countries of their own.
OWN_COUNTRIES = frozenset({"AS", "FM", "GU", "MH", "MP", "PR", "PW", "VI"})
BY_COUNTRY_CODE = {"UK": "GB", "EL": "GR"}  # what European registers write otherwise than ISO

# Links that lead elsewhere: Berlin's DE300 to Hohenlohekreis, Vidin's BG311 to Stara Zagora.
WRONG_LINKS = ((Scheme.NUTS3, "DE"), (Scheme.NUTS3, "BG"))

Code = tuple[Scheme, str]
Polygon = list[list[Position]]


@dataclass(frozen=True, slots=True)
class SourceArea:
    """`codes` are all that mean this area, in order; `county` the five digits of a US county's FIPS."""

    codes: tuple[Code, ...]
    name: str
    country: str
    polygons: list[Polygon]
    county: str = ""


def read_areas(archives: Sequence[Path]) -> Iterator[SourceArea]:
    """In the order of their codes, whatever the order of the archives and of what is in them.

    Raises LookupError for a link to what is in none of them.
    """
    features: dict[Code, bytes] = {}
    meant: dict[Code, Code] = {}
    for archive in archives:
        _read_archive(archive, features, meant)
    codes = {code: [code] for code in features}
    for code, target in meant.items():
        codes[_find_last(target, meant, features)].append(code)
    for code in sorted(features):
        yield _read_feature(tuple(sorted(codes[code])), json.loads(features[code]))


def _read_archive(archive: Path, features: dict[Code, bytes], meant: dict[Code, Code]) -> None:
    with tarfile.open(archive) as opened:
        for member in opened:
            code = _read_path(member.name)
            if code is None:
                continue
            if not member.issym():
                file = opened.extractfile(member)
                features[code] = file.read() if file else b""
            elif (code[0], code[1][:2]) not in WRONG_LINKS:
                meant[code] = _follow(member)


def _read_path(path: str) -> Code | None:
    folder, name = posixpath.split(path)
    code, extension = posixpath.splitext(name)
    return (Scheme(posixpath.basename(folder)), code) if extension == ".geojson" else None


def _follow(member: tarfile.TarInfo) -> Code:
    target = posixpath.normpath(posixpath.join(posixpath.dirname(member.name), member.linkname))
    code = _read_path(target)
    if code is None:
        raise LookupError(f"{member.name} is a link to {member.linkname}")
    return code


def _find_last(code: Code, meant: dict[Code, Code], features: dict[Code, bytes]) -> Code:
    for _step in range(len(meant) + 1):
        if code in features:
            return code
        if code not in meant:
            break
        code = meant[code]
    raise LookupError(f"a link leads to {'/'.join(code)}, which is in none of the archives")


def _read_feature(codes: tuple[Code, ...], feature: dict[str, Any]) -> SourceArea:
    properties, geometry = feature["properties"], feature["geometry"]
    name = properties.get("name") or properties.get("NAME") or properties.get("COUNTYNAME") or ""
    parts = geometry["coordinates"]
    polygons = parts if geometry["type"] == "MultiPolygon" else [parts]
    return SourceArea(
        codes,
        " ".join(name.split()),
        _find_country(codes[0][0], properties),
        [
            [[(latitude, longitude) for longitude, latitude, *_ in ring] for ring in polygon]
            for polygon in polygons
        ],
        str(properties.get("FIPS", "")) if any(map(_is_county, codes)) else "",
    )


def _is_county(code: Code) -> bool:
    return code[0] is Scheme.UGC and code[1][2] == "C"


def _find_country(scheme: Scheme, properties: dict[str, Any]) -> str:
    if scheme in (Scheme.UGC, Scheme.SAME):
        state = str(properties.get("STATE", ""))
        return state if state in OWN_COUNTRIES else "US"
    if scheme is Scheme.WARNCELLID:
        return "DE"
    country = str(properties["country"])
    return BY_COUNTRY_CODE.get(country, country)
