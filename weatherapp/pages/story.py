"""What the hours to come bring, for place/story.html."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from weatherapp.domain.outlook_story import Story, tell_story
from weatherapp.domain.series import Series


def read_story(
    series: Series | None,
    *,
    now: datetime,
    zone: tzinfo,
    probabilities: Mapping[datetime, float] | None = None,
) -> Story | None:
    """None where nothing is known of the hours after `now`, the place's clock.

    `series` is a source's forecast; `probabilities`, 0..1, of any precipitation in the hours that
    end at their keys, are the site's own and count instead of the source's where they are given.
    """
    if series is None:
        return None
    return tell_story(series, now=now, zone=zone, probabilities=probabilities)
