"""The clock: knows names of tasks and times, no Django and no database."""

from celery import Celery

from dyno.broker import configure
from weatheralert.schedule import SCHEDULE

# Celery would import Django wherever DJANGO_SETTINGS_MODULE is set: no fix-ups here.
app = configure(Celery("beat", fixups=[]))
app.conf.beat_schedule = SCHEDULE
