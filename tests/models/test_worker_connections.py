"""A worker keeps its connection from task to task, as long as it is good."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from celery.fixups.django import DjangoWorkerFixup
from django.db import connection

from weatheralert.celery import app, look_after_connections

pytestmark = pytest.mark.django_db(transaction=True)


def do_task(*, is_eager=False):
    """What Celery and we do before and after a task, in a worker whose fix-up is installed."""
    task = Mock()
    task.request.is_eager = is_eager
    fixup = DjangoWorkerFixup(app)
    for celerys in (fixup.on_task_prerun, fixup.on_task_postrun):
        celerys(sender=task)
        look_after_connections(sender=task)


@pytest.fixture
def opened():
    """As with PostgreSQL, where connections may grow old."""
    connection.ensure_connection()
    connection.close_at = None
    yield connection.connection
    connection.close()


def test_a_good_one_is_kept(opened):
    do_task()

    assert connection.connection is opened


def test_one_that_is_too_old_is_closed(opened):
    connection.close_at = 0

    do_task()

    assert connection.connection is None


@pytest.mark.skipif(connection.vendor == "sqlite", reason="a file has no connection to lose")
def test_a_broken_one_is_closed_and_the_next_task_gets_another(opened):
    opened.close()
    connection.errors_occurred = True

    do_task()

    assert connection.connection is not opened
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_a_task_that_is_called_in_place_leaves_its_callers_connection_alone(opened):
    connection.close_at = 0

    do_task(is_eager=True)

    assert connection.connection is opened
