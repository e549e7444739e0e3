"""Debian's MQTT broker, on a port and with files of its own, and somebody who reads from it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.subscribeoptions import SubscribeOptions

from tests.process_group import running_group
from tests.system.site import free_port, wait_for

PATIENCE_S = 10.0
SETTINGS = """\
listener {port} 127.0.0.1
{more}
max_queued_messages 0
persistence {persistence}
persistence_location {folder}/
"""
OPEN = ("allow_anonymous true",)


def require() -> str:
    """Debian keeps it where root alone looks."""
    found = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin")
    assert found, "mosquitto is not installed: apt-get install mosquitto (.ci/run does it)"
    return found


@dataclass
class Mosquitto:
    folder: Path
    more: Sequence[str] = OPEN
    is_persistent: bool = False
    port: int = field(default_factory=free_port)

    @contextmanager
    def running(self) -> Iterator[None]:
        settings = self.folder / "mosquitto.conf"
        settings.write_text(
            SETTINGS.format(
                port=self.port,
                more="\n".join(self.more),
                folder=self.folder,
                persistence=str(self.is_persistent).lower(),
            )
        )
        if os.geteuid() == 0:  # else it changes to a user who may not enter our folder
            with settings.open("a") as file:
                file.write("user root\n")
        log = self.folder / "mosquitto.log"
        log.write_bytes(b"")
        command = [require(), "-c", str(settings)]
        with running_group(command, log, os.environ) as process:
            wait_for("mosquitto answers", lambda: b" running" in log.read_bytes())
            yield
            if self.is_persistent:
                process.terminate()  # it saves what it holds
                process.wait(PATIENCE_S)


@dataclass
class Reader:
    """What a client that has just come gets, and what comes later. `port`: of plain MQTT."""

    port: int
    user: str = ""
    password: str = ""
    held: dict[str, str] = field(default_factory=dict)  # retained, by topic
    heard: list[tuple[str, str]] = field(default_factory=list)

    @contextmanager
    def reading(self, topic: str = "#") -> Iterator[Reader]:
        """Begins when the broker has sent all that it retains."""
        client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        if self.user:
            client.username_pw_set(self.user, self.password)
        client.on_message = self._note
        client.connect("127.0.0.1", self.port)
        options = SubscribeOptions(qos=1)
        client.subscribe([(topic, options), ("tests/end", options)])
        client.publish("tests/end", "end", 1)
        client.loop_start()
        try:
            self.wait_for(lambda: ("tests/end", "end") in self.heard)
            yield self
        finally:
            client.disconnect()
            client.loop_stop()

    def wait_for(self, found: Callable[[], object]) -> None:
        wait_for("the broker sends it", found, PATIENCE_S)

    def _note(self, client, userdata, message) -> None:
        payload = message.payload.decode()
        self.heard.append((message.topic, payload))
        if message.retain:
            self.held[message.topic] = payload


def read_retained(port: int, **who: str) -> dict[str, str]:
    with Reader(port, **who).reading() as reader:
        return dict(reader.held)
