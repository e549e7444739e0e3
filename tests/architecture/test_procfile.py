"""The Procfile and what stands beside it agree."""

import json

import pytest

from tests import ROOT
from weatherapp.operations.local.procfile import parse_procfile, read_commands

PROCESSES = parse_procfile((ROOT / "Procfile").read_text())
SINGLE = parse_procfile((ROOT / "Procfile.single").read_text())


@pytest.mark.parametrize("name", ["web", "worker", "beat", "predictor"])
def test_a_processes_type_can_be_read_from_its_command_line(name):
    words = PROCESSES[name].split()

    assert {f"dyno.run_{name}", f"--hostname={name}@%h"} & set(
        words
    ) or f"--name {name}" in " ".join(words)


def test_there_is_a_release_phase():
    assert list(PROCESSES) == ["release", "web", "worker", "beat", "predictor", "sender"]


def test_the_single_machine_runs_the_same_but_for_the_clock_and_the_runtime():
    assert list(SINGLE) == ["release", "web", "worker", "predictor"]
    assert SINGLE["web"] == PROCESSES["web"]
    assert SINGLE["worker"] == PROCESSES["worker"] + " --with-beat=weatheralert.beat"
    assert SINGLE["predictor"] == "PREDICTOR_RUNTIME=litert " + PROCESSES["predictor"]


def test_the_web_process_is_one_worker_with_two_threads():
    words = PROCESSES["web"].split()

    assert words[words.index("--workers") + 1] == "1"
    assert words[words.index("--threads") + 1] == "2"
    assert "--no-control-socket" in words


def test_the_sender_is_a_worker_that_takes_one_kind_of_work():
    words = dict(zip(PROCESSES["worker"].split(), PROCESSES["sender"].split(), strict=True))

    assert {worker: sender for worker, sender in words.items() if worker != sender} == {
        "--queues=answers.people,answers,default,outgoing": "--queues=outgoing",
        "--hostname=worker@%h": "--hostname=sender@%h",
    }


def test_who_runs_the_site_here_or_deploys_it_gets_no_sender_unasked():
    formation = json.loads((ROOT / "app.json").read_text())["formation"]

    assert formation["sender"]["quantity"] == 0
    assert "sender" not in read_commands(ROOT / "Procfile", without=())


@pytest.mark.parametrize(
    ("name", "pool"), [("worker", "prefork"), ("predictor", "threads"), ("sender", "prefork")]
)
def test_celery_processes_do_one_thing_at_a_time(name, pool):
    line = PROCESSES[name]

    assert f"--pool={pool} --concurrency=1" in line
    assert ("REMAP_SIGTERM=SIGQUIT" in line) == (pool == "prefork")


def test_every_tick_of_the_clock_is_a_task_of_the_site():
    from weatheralert.beat import app as clock
    from weatheralert.celery import app

    app.loader.import_default_modules()
    ticks = {entry["task"] for entry in clock.conf.beat_schedule.values()}

    assert ticks
    assert ticks <= set(app.tasks)


def test_every_task_is_queued_where_a_worker_takes_it():
    from weatheralert.beat import app as clock
    from weatheralert.celery import app

    app.loader.import_default_modules()
    entry = clock.conf.beat_schedule["send_mails"]
    (option,) = [word for word in PROCESSES["worker"].split() if word.startswith("--queues=")]
    routes = {name: route["queue"] for name, route in app.conf.task_routes.items()}

    assert set(routes) <= set(app.tasks)
    assert set(routes.values()) <= set(option.removeprefix("--queues=").split(","))
    assert entry["options"]["queue"] == routes[entry["task"]]


def test_the_worker_takes_the_queues_that_celerys_own_command_line_takes():
    from weatheralert.priority import WORKER_QUEUES

    assert f"--queues={','.join(WORKER_QUEUES)} " in PROCESSES["worker"]


def test_app_json_names_every_process_of_the_procfile():
    described = json.loads((ROOT / "app.json").read_text())

    assert set(described["formation"]) == set(PROCESSES) - {"release"}
    assert {"SECRET_KEY", "ALLOWED_HOSTS"} <= set(described["env"])
