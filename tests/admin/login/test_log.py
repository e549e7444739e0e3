"""What the log says of each try to log in to the admin."""

from __future__ import annotations

import logging

from django.contrib.auth.models import User

from tests.admin.login.trying import OTHER_NETWORK, RIGHT, WRONG, try_once, use_up
from weatherapp.admin.login import gate


def read_lines(caplog):
    return [
        (record.levelno, record.getMessage())
        for record in caplog.records
        if record.name.startswith("weatherapp.admin.login")
    ]


def test_every_try_is_written_down_without_the_password(caplog):
    caplog.set_level(logging.INFO)
    use_up()
    try_once(password=RIGHT)
    try_once(password=RIGHT, address=OTHER_NETWORK)

    who = "user name 'operator' from 203.0.113.7"
    assert read_lines(caplog) == [
        *[(logging.WARNING, f"Admin login failed: {who}")] * gate.CLIENT.burst,
        (
            logging.WARNING,
            f"Admin login refused, too many tries: {who} "
            "(too many of log in from a network; again in 300 s)",
        ),
        (logging.INFO, f"Admin login: user name 'operator' from {OTHER_NETWORK}"),
    ]
    assert RIGHT not in caplog.text
    assert WRONG not in caplog.text


def test_somebody_without_the_right_to_the_admin_is_written_down_as_refused(caplog):
    User.objects.create_user("reader", password=RIGHT)
    try_once(password=RIGHT, name="reader")

    assert read_lines(caplog) == [
        (logging.WARNING, "Admin login failed: user name 'reader' from 203.0.113.7")
    ]


def test_a_long_or_wicked_name_stays_one_short_line(caplog):
    try_once(name="x\n2026-01-01 INFO web: Admin login: user name 'operator'" + "y" * 5000)

    ((_, line),) = read_lines(caplog)
    assert "\n" not in line
    assert "yyy" not in line
