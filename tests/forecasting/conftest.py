"""The broker that the queue's tests look into."""

from tests.broker import broker, redis_is_down, redis_server

__all__ = ["broker", "redis_is_down", "redis_server"]
