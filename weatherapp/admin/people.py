"""Who wants to be told, and who was."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from weatherapp import tasks
from weatherapp.admin import mails
from weatherapp.admin.history import HistoryAdmin
from weatherapp.admin.lists import old_questions
from weatherapp.admin.personal_data import PersonalDataAdmin
from weatherapp.admin.queueing import queue
from weatherapp.admin.words import say_age, say_due
from weatherapp.delivery import outbox, subscriptions
from weatherapp.models import Delivery, DeliveryState, OfficialChange, Subscription


class StandingFilter(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("unconfirmed", gettext("not confirmed within a day")),
            ("bounced", gettext("ended: no such mailbox")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Subscription]
    ) -> QuerySet[Subscription]:
        match self.value():
            case "unconfirmed":
                return queryset.filter(old_questions(timezone.now()))
            case "bounced":
                return queryset.filter(bounced_at__isnull=False)
        return queryset


@admin.register(Subscription)
class SubscriptionAdmin(PersonalDataAdmin):
    """Nobody subscribes other people's addresses; an operator may end and erase."""

    list_display = ("email", "place", "standing", "created_at", "confirmed_at", "unsubscribed_at")
    list_filter = (
        StandingFilter,
        ("confirmed_at", admin.EmptyFieldListFilter),
        ("unsubscribed_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("place",)
    search_fields = ("email", "place__name")
    date_hierarchy = "created_at"
    actions = ("unsubscribe", *PersonalDataAdmin.actions)
    fields = (
        "email",
        "place",
        "standing",
        "created_at",
        "confirmation_due_at",
        "confirmation_sent_at",
        "confirmed_at",
        "unsubscribed_at",
        "confirmation_attempts",
        "confirmation_error",
        "bounced_at",
        "bounce_reason",
    )
    history = ((Delivery, "subscription"),)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def view_on_site(self, subscription: Subscription) -> str:
        """The place that it is about."""
        return subscription.place.get_absolute_url()

    def has_unsubscribe_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("weatherapp.change_subscription")

    @admin.display(description=_("standing"))
    def standing(self, subscription: Subscription) -> str:
        if subscription.is_confirmed:
            return pgettext("a subscription", "confirmed")
        if subscription.confirmation_due_at:
            return pgettext("a subscription", "to be asked")
        if subscription.unsubscribed_at:
            if subscription.bounced_at:
                return gettext("ended: no such mailbox")
            return pgettext("a subscription", "ended")
        return pgettext("a subscription", "asked")

    @admin.action(description=_("Unsubscribe"), permissions=["unsubscribe"])
    def unsubscribe(self, request: HttpRequest, queryset: QuerySet[Subscription]) -> None:
        for subscription in queryset:
            subscriptions.unsubscribe(subscription, now=timezone.now())
        told = gettext("Unsubscribed: %(count)s.") % {"count": len(queryset)}
        messages.success(request, told)


@admin.register(Delivery)
class DeliveryAdmin(HistoryAdmin[Delivery]):
    list_display = ("recipient", "what", "outcome", "when", "attempts", "error")
    list_filter = ("state", "drop_reason")
    list_select_related = (
        "subscription__place",
        "change__alert__rule",
        "change__alert__place",
        "official_change__warning",
    )
    search_fields = (
        "subscription__email",
        "subscription__place__name",
        "change__alert__place__name",
        "error",
    )
    date_hierarchy = "created_at"
    actions = ("send_again_now",)
    fields = (
        "recipient",
        "what",
        "change",
        "official_change",
        "state",
        "drop_reason",
        "attempts",
        "maybe_sent",
        "error",
        "created_at",
        "due_at",
        "claimed_until",
        "sent_at",
        "failed_at",
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("mails/", view(mails.show_folder), name="mails"),
            path("mails/<str:name>/", view(mails.show_mail), name="mail"),
            path(
                "mails/<str:name>/<int:number>/html", view(mails.show_mail_html), name="mail_html"
            ),
            *super().get_urls(),
        ]

    def view_on_site(self, delivery: Delivery) -> str:
        """The alert or the official warning that it tells of."""
        change = delivery.about
        told = change.warning if isinstance(change, OfficialChange) else change.alert
        return told.get_absolute_url()

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("weatherapp.change_delivery")

    @admin.display(description=_("to"), ordering="subscription__email")
    def recipient(self, delivery: Delivery) -> str:
        return delivery.subscription.email

    @admin.display(description=_("about"))
    def what(self, delivery: Delivery) -> str:
        change = delivery.about
        if isinstance(change, OfficialChange):
            kind, step = change.warning.get_hazard_display(), change.get_reason_display()
            return gettext("Official warning, %(kind)s, %(place)s: %(step)s") % {
                "kind": kind,
                "place": delivery.subscription.place.name,
                "step": step,
            }
        alert = change.alert
        step = change.get_reason_display() if change.is_raise else change.get_new_state_display()
        return f"{alert.rule.name}, {alert.place.name}: {step}"

    @admin.display(description=_("state"), ordering="state")
    def outcome(self, delivery: Delivery) -> str:
        reason = delivery.get_drop_reason_display()
        return (
            f"{delivery.get_state_display()}: {reason}" if reason else delivery.get_state_display()
        )

    @admin.display(description=_("when"), ordering="created_at")
    def when(self, delivery: Delivery) -> str:
        now = timezone.now()
        if delivery.state == DeliveryState.PENDING:
            return gettext("due %(due)s") % {"due": say_due(delivery.due_at, now=now)}
        return say_age(delivery.sent_at or delivery.created_at, now=now)

    @admin.action(description=_("Send again now what was given up"), permissions=["send"])
    def send_again_now(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        failed = queryset.filter(state=DeliveryState.FAILED)
        delivery_ids = outbox.send_again(failed.values_list("pk", flat=True), now=timezone.now())
        if not delivery_ids:
            messages.warning(request, gettext("None of these was given up: nothing to send again."))
            return
        queue(
            request,
            tasks.send_mails,
            told=gettext("To be sent again, unless out of date: %(count)s.")
            % {"count": len(delivery_ids)},
            failed=gettext("They are due again and are sent when the queue is back."),
        )
