"""Whether the servers that the site hands its work to work."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from weatherapp.admin.history import HistoryAdmin
from weatherapp.admin.trial_mail import test_mail
from weatherapp.admin.words import say_age, say_due
from weatherapp.models import OutgoingServer


@admin.register(OutgoingServer)
class OutgoingServerAdmin(HistoryAdmin[OutgoingServer]):
    list_display = ("name", "standing", "failures", "last_success", "last_failure", "last_error")
    fields = (
        "name",
        "standing",
        "failures",
        "open_until",
        "last_success_at",
        "last_failure_at",
        "last_error",
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(test_mail)
        return [path("test-mail/", view, name="test_mail"), *super().get_urls()]

    @admin.display(description=_("standing"))
    def standing(self, server: OutgoingServer) -> str:
        now = timezone.now()
        if server.is_resting(now):
            return gettext("left alone; next try %(due)s") % {
                "due": say_due(server.open_until, now=now)
            }
        if server.open_until:
            return gettext("to be tried with the next mail")
        return pgettext("a server", "in use")

    @admin.display(description=_("last answer"), ordering="last_success_at")
    def last_success(self, server: OutgoingServer) -> str:
        return say_age(server.last_success_at, now=timezone.now())

    @admin.display(description=_("last failure"), ordering="last_failure_at")
    def last_failure(self, server: OutgoingServer) -> str:
        return say_age(server.last_failure_at, now=timezone.now())
