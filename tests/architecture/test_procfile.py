"""The Procfile and what stands beside it agree."""

import json

import pytest
from honcho.environ import parse_procfile

from tests import ROOT

PROCESSES = parse_procfile((ROOT / "Procfile").read_text()).processes
BEAT = "from weatheralert.beat import app"


@pytest.mark.parametrize("name", ["web", "worker", "beat", "predictor"])
def test_a_processes_type_can_be_read_from_its_command_line(name):
    assert name in PROCESSES[name].split()[2:] or f"--hostname={name}@%h" in PROCESSES[name]


def test_there_is_a_release_phase():
    assert list(PROCESSES) == ["release", "web", "worker", "beat", "predictor"]


def test_the_web_process_is_one_worker_with_two_threads():
    words = PROCESSES["web"].split()

    assert words[words.index("--workers") + 1] == "1"
    assert words[words.index("--threads") + 1] == "2"
    assert "--no-control-socket" in words


@pytest.mark.parametrize(("name", "pool"), [("worker", "prefork"), ("predictor", "threads")])
def test_celery_processes_do_one_thing_at_a_time_over_few_connections(name, pool):
    line = PROCESSES[name]

    assert f"--pool={pool} --concurrency=1" in line
    for option in ("--without-gossip", "--without-mingle", "--without-heartbeat"):
        assert option in line
    assert ("REMAP_SIGTERM=SIGQUIT" in line) == (pool == "prefork")


def test_every_tick_of_the_clock_is_a_task_of_the_site():
    from weatheralert.beat import app as clock
    from weatheralert.celery import app

    app.loader.import_default_modules()
    ticks = {entry["task"] for entry in clock.conf.beat_schedule.values()}

    assert ticks
    assert ticks <= set(app.tasks)


def test_app_json_names_every_process_of_the_procfile():
    described = json.loads((ROOT / "app.json").read_text())

    assert set(described["formation"]) == set(PROCESSES) - {"release"}
    assert {"SECRET_KEY", "ALLOWED_HOSTS"} <= set(described["env"])
