"""A short connection to an MQTT 5 broker, which misses us when we do not come again.

No connection is kept: each run connects, says what is new and leaves. It leaves by "disconnect with
will message": unless we are back before WILL_DELAY is over, the broker itself says that we are offline.
It keeps our session for longer; when it has none, it has forgotten what it was told to retain, too.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic
from typing import Any

from paho.mqtt.client import Client, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

ONLINE, OFFLINE = "online", "offline"  # Home Assistant's words
CONNECT_S = 5.0
WHOLE_S = 20.0  # from the connection to the last answer
GOODBYE_S = 2.0
KEEP_ALIVE_S = 60
WILL_DELAY_S = 300
SESSION_S = 24 * 3600
AT_ONCE = 20  # unanswered messages; brokers allow as many by default


class BrokerProblem(StrEnum):
    UNREACHABLE = "unreachable"
    TLS = "tls"
    REFUSED = "refused"
    LOST = "connection lost"
    TOO_SLOW = "too slow"


class BrokerError(Exception):
    """Try again later. What was not answered is not known to have arrived."""

    def __init__(self, problem: BrokerProblem, detail: str) -> None:
        super().__init__(f"{problem}: {detail}")
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Broker:
    """`status_topic`: where it is said whether we are there. `client_id`: of nobody else."""

    host: str
    port: int
    client_id: str
    status_topic: str
    user: str = ""
    password: str = ""
    has_tls: bool = False
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """To be retained. An empty payload takes back what was. `expires_s`: then the broker forgets it."""

    topic: str
    payload: str
    expires_s: int | None = None


class _ClosingSocket(ssl.SSLSocket):
    """A handshake that fails leaves nothing open, which the client does not see to."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


class Link:
    """`is_remembered`: whether the broker still holds what it was told before."""

    def __init__(self, broker: Broker, *, will_delay_s: int, whole_s: float) -> None:
        self._deadline = monotonic() + whole_s
        self._greeting: ReasonCode | None = None
        self._refusals: list[str] = []
        self._unanswered: list[MQTTMessageInfo] = []
        self.is_remembered = False
        self._client = _make_client(broker, will_delay_s)
        self._client.on_connect = self._note_greeting
        self._client.on_publish = self._note_answer

    @property
    def left_s(self) -> float:
        """Until it is cut off."""
        return self._deadline - monotonic()

    def open(self, broker: Broker) -> None:
        asked = _properties(PacketTypes.CONNECT, SessionExpiryInterval=SESSION_S)
        try:
            self._client.connect(
                broker.host, broker.port, KEEP_ALIVE_S, clean_start=False, properties=asked
            )
        except ssl.SSLError as error:
            raise BrokerError(BrokerProblem.TLS, str(error)) from error
        except (OSError, ValueError) as error:
            raise BrokerError(BrokerProblem.UNREACHABLE, str(error)) from error
        self._wait(lambda: self._greeting is not None)
        if self._greeting is None or self._greeting.is_failure:
            raise BrokerError(BrokerProblem.REFUSED, str(self._greeting))

    def publish(self, message: Message) -> None:
        """It is answered for by `flush`. Raises BrokerError."""
        said = _properties(PacketTypes.PUBLISH, MessageExpiryInterval=message.expires_s)
        self._unanswered.append(
            self._client.publish(message.topic, message.payload, 1, retain=True, properties=said)
        )
        if len(self._unanswered) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """All that was published has arrived. Raises BrokerError."""
        self._wait(lambda: all(info.is_published() for info in self._unanswered))
        self._unanswered.clear()
        if self._refusals:
            raise BrokerError(BrokerProblem.REFUSED, self._refusals[0])

    def close(self) -> None:
        """However it went: the broker waits for us to come again."""
        until = monotonic() + GOODBYE_S
        self._client.disconnect(ReasonCode(PacketTypes.DISCONNECT, "Disconnect with will message"))
        while self._client.loop(0.1) is MQTTErrorCode.MQTT_ERR_SUCCESS and monotonic() < until:
            pass

    def _wait(self, is_done: Callable[[], bool]) -> None:
        while not is_done():
            if self.left_s <= 0:
                raise BrokerError(BrokerProblem.TOO_SLOW, "it has not answered in time")
            code = self._client.loop(min(self.left_s, 0.5))
            if code is not MQTTErrorCode.MQTT_ERR_SUCCESS and not is_done():
                raise BrokerError(BrokerProblem.LOST, code.name)

    def _note_greeting(
        self,
        client: Client,
        userdata: object,
        flags: object,
        reason: ReasonCode,
        properties: object,
    ) -> None:
        self.is_remembered = bool(getattr(flags, "session_present", False))
        self._greeting = reason

    def _note_answer(
        self, client: Client, userdata: object, number: int, reason: ReasonCode, properties: object
    ) -> None:
        if reason.is_failure:
            self._refusals.append(str(reason))


@contextmanager
def connected(
    broker: Broker, *, will_delay_s: int = WILL_DELAY_S, whole_s: float = WHOLE_S
) -> Iterator[Link]:
    """Says at once that we are there. Raises BrokerError."""
    link = Link(broker, will_delay_s=will_delay_s, whole_s=whole_s)
    try:
        link.open(broker)
        link.publish(Message(broker.status_topic, ONLINE))
        yield link
        link.flush()
    finally:
        link.close()


def _make_client(broker: Broker, will_delay_s: int) -> Client:
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=broker.client_id,
        protocol=MQTTProtocolVersion.MQTTv5,
        reconnect_on_failure=False,
    )
    client.connect_timeout = CONNECT_S
    if broker.user:
        client.username_pw_set(broker.user, broker.password)
    if broker.has_tls:
        client.tls_set_context(_trust(broker.ca_file))
    will = _properties(PacketTypes.WILLMESSAGE, WillDelayInterval=will_delay_s)
    client.will_set(broker.status_topic, OFFLINE, 1, retain=True, properties=will)
    return client


def _trust(ca_file: str) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except OSError as error:
        detail = f"the authorities' file cannot be read: {error.strerror}"
        raise BrokerError(BrokerProblem.TLS, detail) from error
    context.sslsocket_class = _ClosingSocket
    return context


def _properties(packet: int, **values: int | None) -> Properties:
    make: Any = Properties  # it is not typed
    properties: Properties = make(packet)
    for name, value in values.items():
        if value is not None:
            setattr(properties, name, value)
    return properties
