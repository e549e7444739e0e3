"""What a change of rules does: new versions, and the places that are looked at again."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from weatherapp import tasks
from weatherapp.admin.queueing import queue_places
from weatherapp.alerting.catalogue import BY_KEY
from weatherapp.alerting.concerned import list_concerned_places
from weatherapp.alerting.engine.rule import Rule as EngineRule
from weatherapp.alerting.rulebook import save_version
from weatherapp.models import Alert, Rule


def store_version(
    request: HttpRequest, rule: Rule, says: EngineRule, *, is_from_catalogue: bool = False
) -> bool:
    """Whether the rule says something else from now on."""
    newest = rule.versions.first()
    version = save_version(
        rule,
        says,
        now=timezone.now(),
        is_from_catalogue=is_from_catalogue,
        created_by_id=request.user.pk,
    )
    return version != newest


def apply_rules(request: HttpRequest, rule_ids: Sequence[int]) -> None:
    """Look again at the places concerned: who edits a rule wants to see the effect."""
    place_ids = list_concerned_places(rule_ids)
    queue_places(
        request,
        tasks.evaluate_places,
        place_ids,
        told=gettext("Being applied. Places: %(count)s.") % {"count": len(place_ids)},
        failed=gettext("Stored, but only applied at each place with its next weather."),
    )


def count_open_alerts(rule_ids: Sequence[int]) -> int:
    return Alert.objects.open().filter(rule__in=rule_ids).count()


@transaction.atomic
def switch_rules(request: HttpRequest, rule_ids: Sequence[int], *, is_active: bool) -> None:
    """Off: their open alerts end, with that reason. Those that are so already stay as they are."""
    rules = Rule.objects.filter(pk__in=rule_ids).exclude(is_active=is_active)
    switched = list(rules.order_by("pk").values_list("pk", flat=True))
    Rule.objects.filter(pk__in=switched).update(is_active=is_active)
    told = gettext("Switched on: %(count)s.") if is_active else gettext("Switched off: %(count)s.")
    messages.success(request, told % {"count": len(switched)})
    apply_rules(request, switched)


@transaction.atomic
def restore_rules(request: HttpRequest, rules: Sequence[Rule]) -> list[int]:
    """Ids of those that say from now on what the site's catalogue says."""
    restored = [rule.pk for rule in rules if rule.key in BY_KEY and _restore(request, rule)]
    if restored:
        told = gettext("Back to the site's own: %(count)s.") % {"count": len(restored)}
        messages.success(request, told)
        apply_rules(request, restored)
    return restored


def _restore(request: HttpRequest, rule: Rule) -> bool:
    return store_version(request, rule, BY_KEY[rule.key].says, is_from_catalogue=True)
