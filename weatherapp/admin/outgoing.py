"""Whether the servers that the site hands its work to work."""

from __future__ import annotations

from django.contrib import admin
from django.utils import timezone

from weatherapp.admin.history import HistoryAdmin
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

    @admin.display(description="standing")
    def standing(self, server: OutgoingServer) -> str:
        now = timezone.now()
        if server.is_resting(now):
            return f"left alone; next try {say_due(server.open_until, now=now)}"
        return "to be tried with the next mail" if server.open_until else "in use"

    @admin.display(description="last answer", ordering="last_success_at")
    def last_success(self, server: OutgoingServer) -> str:
        return say_age(server.last_success_at, now=timezone.now())

    @admin.display(description="last failure", ordering="last_failure_at")
    def last_failure(self, server: OutgoingServer) -> str:
        return say_age(server.last_failure_at, now=timezone.now())
