"""What a deploy must not forget, as `check --deploy` says it."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks

SMTP = "django.core.mail.backends.smtp.EmailBackend"
FOLDER = "weatherapp.delivery.private_folder.EmailBackend"


@pytest.fixture(autouse=True)
def complete(settings):
    """Everything said, and nothing unusual."""
    settings.UNSET = []
    settings.EMAIL_BACKEND = SMTP
    settings.ALLOWED_HOSTS = ["weather.example.org", ".example.net"]
    settings.SITE_URL = "https://weather.example.org"
    settings.IS_HTTPS = True
    settings.PROXY_HOPS = 1
    return settings


def read_ids(*, deploy=True):
    found = run_checks(include_deployment_checks=deploy)
    return sorted(e.id for e in found if e.id.startswith("weatherapp.") and not e.is_silenced())


def find(number):
    (error,) = [e for e in run_checks(include_deployment_checks=True) if e.id.endswith(number)]
    return error


def test_a_complete_deploy_passes():
    assert read_ids() == []


@pytest.mark.parametrize(
    ("number", "change", "way_out"),
    [
        pytest.param("E001", {"UNSET": ["EMAIL_URL"]}, "filemail://", id="no mail server"),
        pytest.param("E002", {"UNSET": ["DATABASE_URL"]}, "sqlite:////", id="no database"),
        pytest.param("E003", {"UNSET": ["REDIS_URL"]}, "redis://127.0.0.1", id="no Redis"),
        pytest.param("E004", {"ALLOWED_HOSTS": ["*"]}, "ALLOWED_HOSTS", id="every host"),
        pytest.param("E005", {"SITE_URL": "https://else.example"}, "SITE_URL", id="another host"),
        pytest.param("E005", {"SITE_URL": "https://.example.net"}, "SITE_URL", id="no real host"),
        pytest.param("E005", {"SITE_URL": "weather.example.org"}, "SITE_URL", id="no scheme"),
        pytest.param(
            "E005", {"SITE_URL": "https://weather.example.org/x"}, "SITE_URL", id="a path"
        ),
        pytest.param("E006", {"UNSET": ["DEFAULT_FROM_EMAIL"]}, "may send", id="no sender"),
        pytest.param("E007", {"PROXY_HOPS": 0}, "PROXY_HOPS", id="no proxy with HTTPS"),
        pytest.param("E008", {"IS_HTTPS": False}, "SILENCED_CHECKS=weatherapp.E008,", id="HTTP"),
    ],
)
def test_what_is_forgotten_is_an_error_with_a_way_out(settings, number, change, way_out):
    for name, value in change.items():
        setattr(settings, name, value)

    assert f"weatherapp.{number}" in read_ids()
    assert find(number).is_serious()
    assert way_out in find(number).hint
    assert (
        next(iter(change)) in find(number).msg
        or "UNSET" in change
        or "SITE_URL" in find(number).msg
    )


def test_only_a_deploy_is_asked(settings):
    settings.UNSET = ["EMAIL_URL", "DATABASE_URL", "REDIS_URL"]

    assert read_ids(deploy=False) == []
    assert read_ids() == ["weatherapp.E001", "weatherapp.E002", "weatherapp.E003"]


def test_what_is_meant_is_said_by_the_checks_id(settings):
    settings.UNSET = ["EMAIL_URL", "REDIS_URL"]
    settings.SILENCED_SYSTEM_CHECKS = ["weatherapp.E001"]

    assert read_ids() == ["weatherapp.E003"]


def test_who_sends_no_mail_needs_no_sender(settings):
    settings.UNSET = ["DEFAULT_FROM_EMAIL"]
    settings.EMAIL_BACKEND = FOLDER

    assert read_ids() == []


def test_a_subdomain_of_an_allowed_domain_may_be_the_sites_address(settings):
    settings.SITE_URL = "https://rain.example.net"

    assert read_ids() == []
