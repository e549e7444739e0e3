"""Which connections end so that the others have room: the slow, the oldest, the heaviest."""

from __future__ import annotations

from dyno.buffering.clients import Clients
from dyno.buffering.limits import BUFFERED_AT_MOST
from dyno.buffering.waiting import Connection


def end_overdue(clients: Clients, *, now_s: float) -> None:
    """A client that has begun a request hears why."""
    for conn in clients.closing.overdue(now_s=now_s):
        clients.drop(conn)
    for conn in clients.sending.overdue(now_s=now_s):
        clients.drop(conn, "did not take the answer")
    for conn in clients.reading.overdue(now_s=now_s):
        if conn.sock.request.data:
            clients.refuse(conn, 408)
        else:
            clients.drop(conn, "sent nothing")


def end_oldest(clients: Clients, reason: str = "too many") -> bool:
    """Whether one was found; first those of which nothing more is wanted."""
    for waiting in (clients.closing, clients.reading, clients.sending):
        for conn in waiting:
            clients.drop(conn, reason)
            return True
    return False


def end_heaviest(clients: Clients) -> None:
    """While all of them together hold more than they may."""
    waiting = [*clients.reading, *clients.sending]
    excess = sum(map(weigh, [*waiting, *clients.with_threads])) - BUFFERED_AT_MOST
    for conn in sorted(waiting, key=weigh, reverse=True) if excess > 0 else ():
        if excess <= 0:
            break
        excess -= weigh(conn)
        clients.drop(conn, "too heavy")


def end_all(clients: Clients) -> None:
    """Except for those that threads have."""
    while end_oldest(clients, "too slow for a worker that stops"):
        pass


def weigh(conn: Connection) -> int:
    return int(conn.sock.weight)
