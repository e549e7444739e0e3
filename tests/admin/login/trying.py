"""How tests try to log in to the admin."""

from __future__ import annotations

from django.test import Client

from weatherapp.admin.login import gate

LOGIN = "/admin/login/"
RIGHT, WRONG = "a right password", "a wrong password"
OTHER_NETWORK = "198.51.100.9"


def try_once(client=None, password=WRONG, name="operator", *, address="203.0.113.7", **fields):
    return (client or Client()).post(
        f"{LOGIN}?next=/admin/weatherapp/",
        {"username": name, "password": password, "next": "/admin/weatherapp/", **fields},
        REMOTE_ADDR=address,
    )


def use_up(client=None, **options):
    """All tries of a network that are left."""
    statuses = [try_once(client, **options).status_code for _ in range(gate.CLIENT.burst)]
    assert statuses[0] == 200
