"""Every queue that something is put on has a process that takes from it."""

import json
from base64 import b64decode

import pytest

from predictor.contract import PEOPLE_QUEUE, SCHEDULE_QUEUE
from tests import ROOT
from tests.factories import NOON, make_place, make_readings
from tests.forecasting.asked import ask_predictor
from weatheralert.celery import app
from weatheralert.priority import OUTGOING
from weatherapp.forecasting.asking import dispatch, tickets
from weatherapp.models import RequestOrigin
from weatherapp.operations.local.procfile import parse_procfile

PROCFILES = sorted(ROOT.glob("Procfile*"))


def read_queues(procfile, process):
    line = parse_procfile(procfile.read_text())[process]
    (option,) = [word for word in line.split() if word.startswith("--queues=")]
    return set(option.removeprefix("--queues=").split(","))


@pytest.mark.parametrize("procfile", PROCFILES, ids=lambda path: path.name)
def test_the_predictor_takes_requests_and_the_worker_all_else(procfile):
    assert read_queues(procfile, "predictor") == {PEOPLE_QUEUE, SCHEDULE_QUEUE}
    assert read_queues(procfile, "worker") == {
        app.conf.task_default_queue,
        *dispatch.ANSWER_QUEUES.values(),
        OUTGOING,
    }


def test_a_second_worker_may_be_given_the_mails_alone():
    assert read_queues(ROOT / "Procfile", "sender") == {OUTGOING}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("origin", "queue", "answers"),
    [
        (RequestOrigin.PERSON, PEOPLE_QUEUE, "answers.people"),
        (RequestOrigin.SCHEDULE, SCHEDULE_QUEUE, "answers"),
    ],
)
def test_an_answer_comes_back_by_a_queue_as_urgent_as_its_request(broker, origin, queue, answers):
    place = make_place()
    make_readings(place)
    if origin == RequestOrigin.PERSON:
        tickets.ask(place, now=NOON)
    else:
        ask_predictor(place, now=NOON)

    (message,) = map(json.loads, broker.lrange(queue, 0, -1))
    _args, _kwargs, embedded = json.loads(b64decode(message["body"]))
    (callback,) = embedded["callbacks"]

    assert callback["task"] == "weatherapp.tasks.record_predictions"
    assert callback["options"]["queue"] == answers
