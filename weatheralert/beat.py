"""The clock: names tasks and times, knows no Django and no database.

Every tick is safe to run twice, so two beats during a deploy do no harm; and all schedules follow
the wall clock, so that a daily restart makes none of them late. No tick expires: that would compare
this process's clock with the worker's, and where the two differ nothing would ever be done. Ticks
that pile up while no worker is there cost the next one nearly nothing (weatherapp/health/ticks.py).
"""

from celery import Celery
from celery.schedules import crontab

from dyno.broker import configure

# Celery would import Django wherever DJANGO_SETTINGS_MODULE is set: no fix-ups here.
app = configure(Celery("beat", fixups=[]))
app.conf.beat_schedule = {
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
        "settle_overdue_predictions",
        "top_up_predictor",
        "take_up_backtests",
        "repair_climates",
        "score_and_fit",
    )
}
# On the queue of what leaves, which never stands before what comes in.
app.conf.beat_schedule |= {
    name: {
        "task": f"weatherapp.tasks.{name}",
        "schedule": crontab(),
        "options": {"queue": "outgoing"},
    }
    for name in ("send_mails", "ping_heartbeat")
}
# In quiet minutes: fetching and predicting crowd the first minutes of the hour.
app.conf.beat_schedule["forget_old_weather"] = {
    "task": "weatherapp.tasks.forget_old_weather",
    "schedule": crontab(minute="37"),
    "options": {"queue": "default"},
}
app.conf.beat_schedule["forget_personal_data"] = {
    "task": "weatherapp.tasks.forget_personal_data",
    "schedule": crontab(hour="3", minute="52"),
    "options": {"queue": "default"},
}
