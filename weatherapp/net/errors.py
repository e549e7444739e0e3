"""The ways in which an exchange with another machine fails."""

from __future__ import annotations

from weatherapp.net.one_line import one_line


class NetError(Exception):
    """There is no answer. The text is one short line, whatever the other side sent."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class WrongAddressError(NetError):
    """Nothing can be asked there: correct the address."""


class ForbiddenAddressError(WrongAddressError):
    """The address leads to where a stranger must not send this machine."""


class UnreachableError(NetError):
    """No connection, or it broke: ask again later."""


class TruncatedError(UnreachableError):
    """The answer ends before it is whole: ask again later."""


class TooSlowError(NetError):
    """The whole exchange took too long: ask again later."""


class TooLargeError(NetError):
    """The answer is larger than was bargained for."""


class GarbledError(NetError):
    """The answer is not HTTP, or not packed as it says."""
