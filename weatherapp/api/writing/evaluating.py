"""Puts places on the queue whose rules may say something else after a change."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial

from django.db import transaction
from kombu.exceptions import OperationalError

from weatherapp import tasks

logger = logging.getLogger(__name__)

BATCH = 100  # places in one message


def evaluate_soon(place_ids: Sequence[int]) -> None:
    """Once the change is stored. Without a queue the rules are applied with each next weather."""
    if place_ids:
        transaction.on_commit(partial(_send, list(place_ids)))


def _send(place_ids: list[int]) -> None:
    try:
        for start in range(0, len(place_ids), BATCH):
            tasks.evaluate_places.delay(place_ids=place_ids[start : start + BATCH])
    except OperationalError:
        logger.warning("The queue cannot be reached: a change waits for the next weather.")
