"""Looked at when it is NOON."""

from tests.pages.conftest import clock, redis

__all__ = ["clock", "redis"]
