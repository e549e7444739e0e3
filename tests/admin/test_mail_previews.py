"""A mail in the admin is shown as its reader sees it, and nothing in it runs."""

from __future__ import annotations

import pytest
from django.core import mail as outbox
from django.urls import reverse
from django.utils.html import escape

from tests.admin.acting import log_in_with
from tests.admin.test_mails import FOLDER, file_in, folder, write_mail
from tests.factories import make_alert, make_place, make_rule
from weatherapp.models import Delivery, Subscription

__all__ = ["folder"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert():
    return make_alert(make_rule(make_place(name="<Cork>")))


def preview(alert) -> str:
    return reverse("admin:alert_mail", args=[alert.pk])


def frame(alert, language: str, step: int | None = None) -> str:
    args = [alert.pk, step or alert.changes.get().pk, language]
    return reverse("admin:alert_mail_html", args=args)


def test_mail_of_an_alert_is_shown_in_each_language_and_sent_to_nobody(operator, alert):
    page = operator.get(preview(alert))

    text = page.content.decode()
    assert [one.language for one in page.context["previews"]] == ["en", "fr"]
    assert 'lang="fr"' in text
    for language in ("en", "fr"):
        assert f'src="{frame(alert, language)}" sandbox ' in text
    assert not Delivery.objects.exists()
    assert not Subscription.objects.exists()
    assert outbox.outbox == []


def test_frame_holds_the_mail_and_runs_nothing(operator, alert):
    answer = operator.get(frame(alert, "fr"))

    policy = answer["Content-Security-Policy"]
    assert '<html lang="fr">' in answer.content.decode()
    assert "&lt;Cork&gt;" in answer.content.decode()
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy


def test_page_may_frame_this_site_alone_and_others_may_frame_nothing(operator, alert):
    assert "frame-src 'self'" in operator.get(preview(alert))["Content-Security-Policy"]
    assert "frame-src" not in operator.get("/admin/")["Content-Security-Policy"]
    assert operator.get(preview(alert))["X-Frame-Options"] == "DENY"


def test_links_of_a_preview_lead_to_nobodys_subscription(operator, client, alert):
    text = operator.get(preview(alert)).context["previews"][0].text
    link = next(word for word in text.split() if "/unsubscribe" in word)

    answer = client.get(link.removeprefix("http://testserver"))

    assert answer.status_code in (400, 404, 410)


@pytest.mark.parametrize(
    ("language", "step"), [("xx", None), ("en", 999_999)], ids=["language", "step"]
)
def test_what_is_no_mail_is_not_found(operator, alert, language, step):
    assert operator.get(frame(alert, language, step)).status_code == 404


@pytest.mark.parametrize("step", ["999999", "x", "-1"])
def test_step_that_nobody_was_mailed_of_is_not_found(operator, alert, step):
    assert operator.get(preview(alert), {"step": step}).status_code == 404


def test_alert_without_a_step_to_mail_says_so(operator, alert):
    alert.changes.update(reason="EXTENDED")

    assert (
        "No step of this alert leads to an e-mail" in operator.get(preview(alert)).content.decode()
    )


def test_unknown_alert_is_not_found(operator):
    assert operator.get(reverse("admin:alert_mail", args=[1])).status_code == 404


def test_previews_are_for_who_may_see_alerts(guest, stranger, alert):
    for page in (preview(alert), frame(alert, "en")):
        assert guest.get(page).status_code == 403
        assert stranger.get(page).status_code == 302


def test_alert_and_rule_lead_to_the_preview(operator, alert):
    pages = [
        operator.get(reverse("admin:weatherapp_alert_change", args=[alert.pk])),
        operator.get(reverse("admin:weatherapp_rule_change", args=[alert.rule_id])),
    ]

    assert all(preview(alert) in page.content.decode() for page in pages)


def test_rule_without_alerts_or_for_who_may_not_see_them_leads_nowhere(operator, alert):
    silent = make_rule(make_place(), name="Silent")
    helper = log_in_with("view_rule")

    pages = [
        operator.get(reverse("admin:weatherapp_rule_change", args=[silent.pk])),
        helper.get(reverse("admin:weatherapp_rule_change", args=[alert.rule_id])),
    ]

    assert all("/mail/" not in page.content.decode() for page in pages)


def test_mail_of_the_folder_is_shown_with_its_headers_and_in_a_frame(operator, folder, settings):
    write_mail(html="<p style='color: red'>Soon.</p><script>alert(1)</script>")
    address = f"{FOLDER}{file_in(folder)}/"

    page = operator.get(address)
    answer = operator.get(f"{address}0/html")

    assert f'src="{address}0/html" sandbox ' in page.content.decode()
    assert f"<dd>{escape(settings.DEFAULT_FROM_EMAIL)}</dd>" in page.content.decode()
    assert "<p style='color: red'>" in answer.content.decode()
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_frame_of_no_mail_is_not_found(operator, folder, guest):
    write_mail()
    address = f"{FOLDER}{file_in(folder)}"

    assert operator.get(f"{address}/1/html").status_code == 404
    assert operator.get(f"{FOLDER}missing.log/0/html").status_code == 404
    assert guest.get(f"{address}/0/html").status_code == 403
