"""Windows for the tests of the predictor."""

from datetime import UTC, datetime

from predictor import contract

NOON = datetime(2013, 6, 7, 12, tzinfo=UTC)
CALM_HOUR = (16.0, 9.0, 1019.0, 3.0, 270.0, 0.0)
RAINY_HOUR = (15.0, 14.5, 1002.0, 8.0, 90.0, 2.4)


CLIMATE = {
    "usual_temperature_c": 12.0,
    "usual_dew_point_c": 6.5,
    "usual_pressure_msl_hpa": 1015.0,
    "usual_wind_speed_ms": 4.5,
    "wet_1h_share": 0.08,
    "wet_6h_share": 0.17,
    "wet_24h_share": 0.36,
    "known_days": 90.0,
}


def make_hours(row=CALM_HOUR, **changes_by_name):
    """24 equal rows; `precipitation_mm=None` blanks a column."""
    changed = list(row)
    for name, value in changes_by_name.items():
        changed[contract.FEATURE_NAMES.index(name)] = value
    return [list(changed) for _ in range(contract.WINDOW_HOURS)]


def make_window(
    hours=None,
    latitude=40.6,
    longitude=-73.8,
    window_end_at=NOON,
    climate=CLIMATE,
):
    return contract.make_window(
        latitude=latitude,
        longitude=longitude,
        window_end_at=window_end_at,
        hours=make_hours() if hours is None else hours,
        climate=climate,
    )
