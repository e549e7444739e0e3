"""The clock: names tasks and times, knows no Django and no database.

Every tick is safe to run twice, so two beats during a deploy do no harm; and all schedules follow
the wall clock, so that a daily restart makes none of them late.
"""

from celery import Celery
from celery.schedules import crontab

from dyno.broker import configure

MINUTE_S = 60

app = configure(Celery("beat"))
app.conf.beat_schedule = {
    name: {
        "task": f"weatherapp.tasks.{name}",
        "schedule": crontab(),
        # Where no worker took it for two ticks, later ticks do the same work.
        "options": {"queue": "default", "expires": 2 * MINUTE_S},
    }
    for name in ("refresh_due_places", "settle_overdue_predictions", "deliver_due")
}
