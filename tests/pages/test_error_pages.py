"""Pages for what goes wrong: plain, calm, and in need of nothing."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests.pages.markup import read


@pytest.mark.parametrize(
    "name",
    ["400", "403", "403_csrf", "404", "405", "413", "429", "500", "admin/login_wait"],
)
def test_error_page_needs_neither_context_nor_database(name):
    markup = read(render_to_string(f"{name}.html"))

    assert markup.mistakes == []
    assert markup.one("h1").text
    assert markup.all("script") == []


@pytest.mark.django_db
def test_broken_view_shows_the_calm_page_and_no_detail(monkeypatch):
    def fail(**kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("weatherapp.pages.views.read_home", fail)
    page = Client(raise_request_exception=False).get("/")

    assert page.status_code == 500
    assert "Something went wrong here" in page.content.decode()
    assert "secret detail" not in page.content.decode()
    assert "unsafe-inline" not in page["Content-Security-Policy"]


def test_unknown_host_is_a_bad_request():
    page = Client(headers={"host": "evil.example"}).get("/")

    assert page.status_code == 400
    assert "Bad request" in page.content.decode()
