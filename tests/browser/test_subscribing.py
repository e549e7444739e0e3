"""A visitor asks for e-mail alerts: the form, the mail, the confirmation."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.system.reader import ADDRESS, Reader
from tests.system.site import wait_for


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def visitor(request, browser, base_url):
    with browser.new_context(base_url=base_url, java_script_enabled=request.param) as context:
        yield context.new_page()


def test_a_wrong_address_is_said_where_it_was_typed_and_kept(visitor):
    visitor.goto("/places/1/")
    visitor.get_by_label("E-mail address").fill("nobody@nowhere")
    visitor.get_by_role("button", name="Subscribe").click()

    field = visitor.get_by_label("E-mail address")
    expect(visitor).to_have_title(re.compile("^Error: "))
    expect(field).to_have_value("nobody@nowhere")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_in_viewport()


def test_from_the_form_by_the_mail_to_a_subscription(page, demo):
    page.goto("/places/3/")
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your e-mail")

    with Reader(demo) as reader:
        mails = wait_for("the mail came", lambda: list(reader.mails("confirm")))
    links = re.findall(r"http://\S+/confirm", mails[-1].get_body(("plain",)).get_content())
    page.goto("/" + links[0].split("/", 3)[3])
    page.get_by_role("button", name="Yes").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("You are subscribed")
