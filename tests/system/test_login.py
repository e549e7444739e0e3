"""The admin's login through the real web process, with the real password hasher."""

from __future__ import annotations

import pytest

from bench.login_flood import fetch_token, post_try, read_in_flood
from tests.system.site import Site
from weatherapp.admin.login import gate

ONLY_WEB = ("worker", "beat", "predictor", "demo")
RIGHT = "tests-only"  # as Site says in ADMIN_PASSWORD


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path, PROXY_HOPS="1")


def try_once(site, password, *, address="203.0.113.7"):
    status, headers = post_try(
        site.port, fetch_token(site.port), name="admin", password=password, address=address
    )
    return status, headers


def test_tries_are_counted_across_a_restart_and_behind_the_proxys_word(site):
    with site.running(*ONLY_WEB):
        first = [
            try_once(site, "wrong", address=f"192.0.2.{number}, 203.0.113.7:{5000 + number}")[0]
            for number in range(gate.CLIENT.burst)
        ]
    with site.running(*ONLY_WEB):
        status, headers = try_once(site, RIGHT)
        elsewhere, _ = try_once(site, RIGHT, address="198.51.100.9")

    assert first == [200] * gate.CLIENT.burst
    assert status == 429
    assert 0 < int(headers["Retry-After"]) <= 300
    assert elsewhere == 302
    log = site.log_path.read_text()
    assert "Admin login refused, too many tries: user name 'admin' from 203.0.113.7" in log
    assert "Admin login: user name 'admin' from 198.51.100.9" in log
    assert "wrong" not in log


@pytest.mark.alone
def test_a_flood_of_logins_leaves_a_thread_to_the_readers(site):
    """Each hash took a thread from them, and both at once: less than a page a hash was read."""
    with site.running(*ONLY_WEB):
        waits_s, answers = read_in_flood(site.port, "/", 8)

    assert answers[200] > 0
    assert answers[503] > 0
    assert set(answers) == {200, 503}
    assert len(waits_s) > 2 * answers[200]
