"""The clock: names tasks and times, knows no Django and no database.

Every tick is safe to run twice, so two beats during a deploy do no harm; and all schedules follow
the wall clock, so that a daily restart makes none of them late.
"""

from celery import Celery
from celery.schedules import crontab

from dyno.broker import configure

MINUTE_S = 60

# Celery would import Django wherever DJANGO_SETTINGS_MODULE is set: no fix-ups here.
app = configure(Celery("beat", fixups=[]))
app.conf.beat_schedule = {
    name: {
        "task": f"weatherapp.tasks.{name}",
        "schedule": crontab(),
        # Where no worker took it for two ticks, later ticks do the same work.
        "options": {"queue": "default", "expires": 2 * MINUTE_S},
    }
    for name in (
        "refresh_due_places",
        "backfill_due_places",
        "settle_overdue_predictions",
        "put_back_lost_requests",
        "deliver_due",
        "take_up_backtests",
    )
}
# In a quiet minute: fetching and predicting crowd the first minutes of the hour.
app.conf.beat_schedule["score_and_fit"] = {
    "task": "weatherapp.tasks.score_and_fit",
    "schedule": crontab(minute="47"),
    "options": {"queue": "default", "expires": 10 * MINUTE_S},
}
app.conf.beat_schedule["forget_old_weather"] = {
    "task": "weatherapp.tasks.forget_old_weather",
    "schedule": crontab(hour="3", minute="37"),
    "options": {"queue": "default", "expires": 10 * MINUTE_S},
}
