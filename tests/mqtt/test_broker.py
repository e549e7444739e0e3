"""A short connection to a real broker: what it retains, refuses, forgets, and says when we stay away."""

from __future__ import annotations

import socket
import subprocess
from threading import Thread
from time import monotonic

import pytest

from tests import ROOT
from tests.mqtt.mosquitto import Mosquitto, Reader, read_retained
from tests.system.site import free_port
from weatherapp.mqtt.broker import Broker, BrokerError, BrokerProblem, Message, connected

CERTIFICATE = ROOT / "tests" / "dyno" / "self_signed.pem"


def make_broker(mosquitto: Mosquitto, **fields) -> Broker:
    defaults = {"client_id": "tests", "status_topic": "site/status"}
    return Broker(fields.pop("host", "127.0.0.1"), mosquitto.port, **(defaults | fields))


def say(broker: Broker, *messages: Message, **how) -> bool:
    """Whether the broker remembered us."""
    with connected(broker, **how) as link:
        for message in messages:
            link.publish(message)
        return link.is_remembered


def test_who_comes_later_gets_what_was_published(mosquitto):
    say(make_broker(mosquitto), Message("a/1", "one"), Message("a/2", "zwölf"))

    assert read_retained(mosquitto.port) == {
        "site/status": "online",
        "a/1": "one",
        "a/2": "zwölf",
    }


def test_many_messages_arrive(mosquitto):
    messages = [Message(f"a/{number}", "x" * 4000) for number in range(500)]

    say(make_broker(mosquitto), *messages, whole_s=120)

    with Reader(mosquitto.port).reading("a/#") as reader:
        reader.wait_for(lambda: len(reader.held) == 500)


def test_an_empty_message_takes_back_what_was(mosquitto):
    say(make_broker(mosquitto), Message("a/1", "one"))
    say(make_broker(mosquitto), Message("a/1", ""))

    assert "a/1" not in read_retained(mosquitto.port)


def test_what_expires_is_forgotten_by_the_broker(mosquitto):
    say(make_broker(mosquitto), Message("a/1", "one", expires_s=1), Message("a/2", "two"))

    Reader(mosquitto.port).wait_for(lambda: "a/1" not in read_retained(mosquitto.port))

    assert "a/2" in read_retained(mosquitto.port)


def test_the_broker_says_that_we_are_gone_when_we_do_not_come_again(mosquitto):
    with Reader(mosquitto.port).reading("site/#") as reader:
        say(make_broker(mosquitto), will_delay_s=1)

        reader.wait_for(lambda: ("site/status", "offline") in reader.heard)

    assert read_retained(mosquitto.port) == {"site/status": "offline"}


def test_the_broker_says_nothing_of_us_while_we_come_again_in_time(mosquitto):
    with Reader(mosquitto.port).reading("site/#") as reader:
        say(make_broker(mosquitto), will_delay_s=4)
        say(make_broker(mosquitto), will_delay_s=600)

        over = monotonic() + 6  # mosquitto looks once a second
        reader.wait_for(lambda: monotonic() > over)

        assert set(reader.heard) == {("site/status", "online"), ("tests/end", "end")}


def test_who_comes_back_is_remembered(mosquitto):
    broker = make_broker(mosquitto)

    assert not say(broker)
    assert say(broker)


@pytest.mark.parametrize("is_persistent", [True, False])
def test_a_broker_that_begins_again_tells_whether_it_has_forgotten(tmp_path, is_persistent):
    mosquitto = Mosquitto(tmp_path, is_persistent=is_persistent)
    with mosquitto.running():
        say(make_broker(mosquitto))

    with mosquitto.running():
        assert say(make_broker(mosquitto)) is is_persistent


def test_a_broker_that_is_not_there_is_unreachable():
    broker = Broker("127.0.0.1", free_port(), "tests", "site/status")

    with pytest.raises(BrokerError) as caught:
        say(broker)

    assert caught.value.problem is BrokerProblem.UNREACHABLE


def test_a_broker_that_never_answers_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        broker = Broker("127.0.0.1", silent.getsockname()[1], "tests", "site/status")
        begun = monotonic()

        with pytest.raises(BrokerError) as caught:
            say(broker, whole_s=0.5)

    assert caught.value.problem is BrokerProblem.TOO_SLOW
    assert monotonic() - begun < 5


def test_a_server_that_hangs_up_is_a_lost_connection():
    with socket.create_server(("127.0.0.1", 0)) as rude:
        broker = Broker("127.0.0.1", rude.getsockname()[1], "tests", "site/status")
        hanging_up = Thread(target=lambda: rude.accept()[0].close())
        hanging_up.start()
        with pytest.raises(BrokerError) as caught:
            say(broker, whole_s=5)
        hanging_up.join()

    assert caught.value.problem is BrokerProblem.LOST


@pytest.fixture
def guarded(tmp_path):
    """A broker that wants a password, and lets its one user write in one place."""
    passwords, rights = tmp_path / "passwords", tmp_path / "rights"
    subprocess.run(
        ["mosquitto_passwd", "-c", "-b", str(passwords), "site", "säcret /#"], check=True
    )
    rights.write_text("user site\ntopic readwrite site/#\ntopic readwrite tests/#\n")
    mosquitto = Mosquitto(
        tmp_path,
        more=("allow_anonymous false", f"password_file {passwords}", f"acl_file {rights}"),
    )
    with mosquitto.running():
        yield mosquitto


def test_user_and_password_are_said(guarded):
    say(make_broker(guarded, user="site", password="säcret /#"), Message("site/1", "one"))

    retained = read_retained(guarded.port, user="site", password="säcret /#")
    assert retained == {"site/status": "online", "site/1": "one"}


@pytest.mark.parametrize("who", [{}, {"user": "site", "password": "wrong"}])
def test_without_the_right_password_one_is_refused(guarded, who):
    with pytest.raises(BrokerError, match=r"(?i)not authorized") as caught:
        say(make_broker(guarded, **who))

    assert caught.value.problem is BrokerProblem.REFUSED


def test_what_may_not_be_written_is_no_success(guarded):
    with pytest.raises(BrokerError, match=r"(?i)not authorized") as caught:
        say(
            make_broker(guarded, user="site", password="säcret /#"),
            Message("homeassistant/device/1/config", "{}"),
        )

    assert caught.value.problem is BrokerProblem.REFUSED


@pytest.fixture
def encrypted(tmp_path):
    mosquitto = Mosquitto(
        tmp_path,
        more=("allow_anonymous true", f"certfile {CERTIFICATE}", f"keyfile {CERTIFICATE}"),
    )
    with mosquitto.running():
        yield mosquitto


def test_a_certificate_of_an_own_authority_is_believed_where_it_is_named(encrypted):
    broker = make_broker(encrypted, has_tls=True, ca_file=str(CERTIFICATE))

    say(broker, Message("a/1", "one"))

    assert say(broker)


@pytest.mark.parametrize("ca_file", ["", "/nowhere/ca.pem"])
def test_a_certificate_that_nobody_vouches_for_is_refused(encrypted, ca_file):
    with pytest.raises(BrokerError) as caught:
        say(make_broker(encrypted, has_tls=True, ca_file=ca_file))

    assert caught.value.problem is BrokerProblem.TLS
