"""Outlines of areas in few bytes: corners on a grid, each by its steps from the one before. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

STEPS_A_DEGREE = 2000  # 56 m from north to south

# In steps north and east.
Corner = tuple[int, int]
GridRing = list[Corner]
GridPolygon = list[GridRing]  # the outline, then what is cut out of it


def pack(polygons: Iterable[GridPolygon]) -> bytes:
    """7 bits a byte, least first; the sign is the lowest bit. Each ring after how many it has."""
    packed = bytearray()
    shapes = list(polygons)
    _write(len(shapes), packed)
    for polygon in shapes:
        _write(len(polygon), packed)
        for ring in polygon:
            _pack_ring(ring, packed)
    return bytes(packed)


def unpack(packed: bytes) -> list[GridPolygon]:
    numbers = _read(packed)
    return [
        [_unpack_ring(numbers) for _ring in range(next(numbers))]
        for _polygon in range(next(numbers))
    ]


def pack_numbers(ascending: Iterable[int]) -> bytes:
    packed, before = bytearray(), 0
    for number in ascending:
        _write(number - before, packed)
        before = number
    return bytes(packed)


def unpack_numbers(packed: bytes) -> list[int]:
    numbers, before = [], 0
    for step in _read(packed):
        before += step
        numbers.append(before)
    return numbers


def _pack_ring(ring: GridRing, packed: bytearray) -> None:
    _write(len(ring), packed)
    north = east = 0
    for corner_north, corner_east in ring:
        for step in (corner_north - north, corner_east - east):
            _write(step << 1 if step >= 0 else (-step << 1) - 1, packed)
        north, east = corner_north, corner_east


def _unpack_ring(numbers: Iterator[int]) -> GridRing:
    ring, north, east = [], 0, 0
    for _corner in range(next(numbers)):
        step, across = next(numbers), next(numbers)
        north += -(step + 1 >> 1) if step & 1 else step >> 1
        east += -(across + 1 >> 1) if across & 1 else across >> 1
        ring.append((north, east))
    return ring


def _write(number: int, packed: bytearray) -> None:
    while number > 127:
        packed.append(number & 127 | 128)
        number >>= 7
    packed.append(number)


def _read(packed: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in packed:
        number |= (byte & 127) << shift
        if byte & 128:
            shift += 7
        else:
            yield number
            number = shift = 0
