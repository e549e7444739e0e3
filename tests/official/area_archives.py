"""Archives of geocodes, made by hand as KDE's are."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

FOLDER = "server/data/"


def square(west, south, side=1.0):
    """A closed ring as GeoJSON has it: longitudes first."""
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(*polygons, **properties):
    """Each polygon a list of rings; one alone is no MultiPolygon."""
    geometry = {"type": "MultiPolygon", "coordinates": list(polygons)}
    if len(polygons) == 1:
        geometry = {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def emma(code, *polygons, name="Somewhere"):
    return feature(*polygons, code=code, country=code[:2], name=name, type="EMMA_ID")


def write_archive(path: Path, scheme: str, features=None, links=None) -> Path:
    """`links` from a code to the "SCHEME/CODE" it stands for."""
    with tarfile.open(path, "w:gz") as archive:
        archive.addfile(_folder(FOLDER + scheme))
        for code, content in (features or {}).items():
            body = json.dumps(content).encode()
            member = tarfile.TarInfo(f"{FOLDER}{scheme}/{code}.geojson")
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
        for code, target in (links or {}).items():
            member = tarfile.TarInfo(f"{FOLDER}{scheme}/{code}.geojson")
            member.type, member.linkname = tarfile.SYMTYPE, f"../{target}.geojson"
            archive.addfile(member)
    return path


def _folder(name: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type = tarfile.DIRTYPE
    return member
