"""Rules that never raised an alert in a month, and rules that hardly ever stopped: by sets of rows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Least

from weatherapp.models import Alert, Rule, RuleVersion, Scene, SourceName

MONTH = timedelta(days=30)
ALWAYS = timedelta(days=27)  # of the month: nine days of ten


def rules_that_never_fired(now: datetime) -> QuerySet[Rule]:
    """Active ones, at least a month old, without an alert that was up at any time of the month."""
    first = RuleVersion.objects.filter(rule=OuterRef("pk")).order_by("number")
    known = first.filter(created_at__lte=now - MONTH)
    alerts = _alerts_of_the_month(now).filter(rule=OuterRef("pk"))
    return Rule.objects.filter(Exists(known), ~Exists(alerts), is_active=True)


def rules_that_always_fire(now: datetime) -> QuerySet[Rule]:
    """Active ones that had an alert up at some place for nine tenths of the month."""
    up = ExpressionWrapper(
        Least(Coalesce("ended_at", "clock"), "clock") - Greatest("raised_at", "since"),
        output_field=DurationField(),
    )
    alerts = _alerts_of_the_month(now).order_by().values("rule", "place")
    stuck = alerts.annotate(up=Sum(up)).filter(up__gte=ALWAYS).values("rule")
    return Rule.objects.filter(pk__in=stuck, is_active=True)


def count_rules(now: datetime) -> tuple[int, int]:
    """Those that always fire, and those that never did."""
    return rules_that_always_fire(now).count(), rules_that_never_fired(now).count()


def _alerts_of_the_month(now: datetime) -> QuerySet[Alert]:
    """With `clock` and `since`, by the clock of each one's place: replays live in the past."""
    scene = Scene.objects.first()
    played = scene.time_at(now) if scene else now
    return Alert.objects.annotate(
        clock=_by_clock(now, played), since=_by_clock(now - MONTH, played - MONTH)
    ).filter(Q(ended_at__isnull=True) | Q(ended_at__gt=F("since")), raised_at__lte=F("clock"))


def _by_clock(real: datetime, played: datetime) -> Case:
    replays = Q(place__source=SourceName.REPLAY)
    if settings.WEATHER_SOURCE == SourceName.REPLAY:
        replays |= Q(place__source="")
    return Case(
        When(replays, then=Value(played)), default=Value(real), output_field=DateTimeField()
    )
