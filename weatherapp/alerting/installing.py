"""Puts the catalogue's rules into the tables; what an operator has edited stays as it is."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from weatherapp.alerting.catalogue import CATALOGUE, CatalogueRule
from weatherapp.alerting.rulebook import save_version
from weatherapp.models import Rule


@transaction.atomic
def install_rules(*, now: datetime) -> list[str]:
    """Keys of the rules that were added or brought up to date. Safe to call at every release.

    A new rule is on for every place. One that was edited here (its newest version is not the
    catalogue's) is left alone, and so is whether a rule is switched on, its name and its scope.
    """
    return [entry.key for order, entry in enumerate(CATALOGUE) if _install(entry, order, now)]


def _install(entry: CatalogueRule, order: int, now: datetime) -> bool:
    rule, is_new = Rule.objects.get_or_create(
        key=entry.key, defaults={"name": entry.name, "order": order}
    )
    newest = rule.versions.order_by("-number").first()
    if newest is not None and not newest.is_from_catalogue:
        return False
    version = save_version(rule, entry.says, now=now, is_from_catalogue=True)
    return is_new or version != newest
