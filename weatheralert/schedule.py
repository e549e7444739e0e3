"""The ticks: names of tasks and times.

Every tick is safe to run twice, so two beats during a deploy do no harm; and all schedules follow
the wall clock, so that a daily restart makes none of them late. No tick expires: that would compare
this process's clock with the worker's, and where the two differ nothing would ever be done. Ticks
that pile up while no worker is there cost the next one nearly nothing (weatherapp/health/ticks.py).
"""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    name: {
        "task": f"weatherapp.tasks.{name}",
        "schedule": crontab(),
        "options": {"queue": "default"},
    }
    for name in (
        "mend_times",
        "refresh_due_places",
        "backfill_due_places",
        "evaluate_due_places",
        "publish_due_alerts",
        "settle_overdue_predictions",
        "top_up_predictor",
        "take_up_backtests",
        "repair_climates",
        "score_and_fit",
        "poll_due_sources",
        "code_places",
        "update_official_events",
        "owe_official_mails",
    )
}
# On the queue of what leaves, which never stands before what comes in.
SCHEDULE |= {
    name: {
        "task": f"weatherapp.tasks.{name}",
        "schedule": crontab(),
        "options": {"queue": "outgoing"},
    }
    for name in ("send_mails", "ping_heartbeat", "publish_mqtt")
}
# In quiet minutes: fetching and predicting crowd the first minutes of the hour.
SCHEDULE["forget_old_weather"] = {
    "task": "weatherapp.tasks.forget_old_weather",
    "schedule": crontab(minute="37"),
    "options": {"queue": "default"},
}
SCHEDULE["forget_old_messages"] = {
    "task": "weatherapp.tasks.forget_old_messages",
    "schedule": crontab(minute="44"),
    "options": {"queue": "default"},
}
SCHEDULE["forget_official_warnings"] = {
    "task": "weatherapp.tasks.forget_official_warnings",
    "schedule": crontab(minute="43"),
    "options": {"queue": "default"},
}
SCHEDULE["suggest_sources"] = {
    "task": "weatherapp.tasks.suggest_sources",
    "schedule": crontab(minute="23"),
    "options": {"queue": "default"},
}
SCHEDULE["forget_personal_data"] = {
    "task": "weatherapp.tasks.forget_personal_data",
    "schedule": crontab(hour="3", minute="52"),
    "options": {"queue": "default"},
}
