"""Made-up weather for the tests of training: it rains more when the air is moist and rain lasts."""

import csv
import gzip
import io
from datetime import UTC, datetime, timedelta

import numpy as np

HEADER = (
    "station",
    "latitude",
    "longitude",
    "time_utc",
    "temperature_c",
    "dew_point_c",
    "humidity_pct",
    "pressure_msl_hpa",
    "wind_speed_ms",
    "wind_direction_deg",
    "precipitation_mm",
)
FIRST_HOUR = datetime(2020, 1, 1, tzinfo=UTC)
EAST_HILL = ("EAST HILL", 52.0, 20.0)
WEST_BAY = ("WEST BAY", 52.0, -9.0)


def make_rows(place=EAST_HILL, days=60, seed=1):
    """Lists of cells, hour by hour."""
    random = np.random.default_rng(seed)
    wet, spread, pressure = False, 3.0, 1013.0
    rows = []
    for hour in range(days * 24):
        spread = max(0.1, spread + random.normal(0.0, 0.5) + 0.1 * (3.0 - spread))
        pressure += random.normal(0.0, 0.6) + 0.02 * (1013.0 - pressure)
        wet = random.random() < (0.75 if wet else 0.25 * np.exp(-spread))
        rain_mm = round(random.gamma(1.0, 1.0), 1) + 0.1 if wet else 0.0
        temperature = 10.0 + 5.0 * np.sin(hour / 24.0 * 2.0 * np.pi)
        at = FIRST_HOUR + timedelta(hours=hour)
        rows.append(
            [
                *place,
                at.strftime("%Y-%m-%dT%H:%MZ"),
                f"{temperature:.1f}",
                f"{temperature - spread:.1f}",
                "",
                f"{pressure:.1f}",
                f"{random.gamma(2.0, 2.0):.1f}",
                f"{random.integers(0, 360)}",
                f"{rain_mm:.1f}",
            ]
        )
    return rows


def write_observations(path, rows, header=HEADER):
    """A CSV file, compressed when its name says so."""
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def set_column(rows, name, change):
    """The rows with one column changed: `change` takes the old text."""
    index = HEADER.index(name)
    return [[*row[:index], change(row[index]), *row[index + 1 :]] for row in rows]
