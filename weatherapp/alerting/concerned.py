"""Which places a change of rules concerns: those where it may end or raise an alert."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from weatherapp.models import Alert, Place, Rule, RuleScope, RuleState


def list_concerned_places(rule_ids: Collection[int]) -> list[int]:
    """Places with open alerts of the rules first, then what is held back, then all in scope.

    At most five queries; a rule that is off looks at no place, and may still have alerts to end.
    """
    alerts = Alert.objects.open().filter(rule__in=rule_ids).order_by("pk")
    rule_states = RuleState.objects.filter(rule__in=rule_ids).order_by("pk")
    found = [
        *alerts.values_list("place_id", flat=True),
        *rule_states.values_list("place_id", flat=True),
        *_list_places_in_scope(rule_ids),
    ]
    return list(dict.fromkeys(found))


def _list_places_in_scope(rule_ids: Collection[int]) -> list[int]:
    rules = Rule.objects.filter(pk__in=rule_ids, is_active=True)
    scopes = set(rules.order_by().values_list("scope", flat=True))
    looked_at = Q(pk__in=[])
    if RuleScope.TAGS in scopes:
        tagged = rules.filter(scope=RuleScope.TAGS)
        looked_at |= Q(pk__in=Place.objects.filter(tags__rules__in=tagged).values("pk"))
    if RuleScope.PLACES in scopes:
        chosen = rules.filter(scope=RuleScope.PLACES)
        looked_at |= Q(pk__in=Place.objects.filter(chosen_by__in=chosen).values("pk"))
    places = Place.objects.active().order_by("pk")
    in_scope = places if RuleScope.ALL in scopes else places.filter(looked_at)
    return list(in_scope.values_list("pk", flat=True))
