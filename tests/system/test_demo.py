"""The main job end to end: real processes, real weather, real TensorFlow."""

from __future__ import annotations

import json
import re
import signal
import sys

import psutil
import pytest

from bench.memory_goals import AFTER_WORK_MB, AT_START_MB, RUNNER_MB, WHOLE
from tests.system.site import PROCESSES, Site, process_type, pss_mb, wait_for
from tests.system.sizes import all_report, own_mb, read_many_pages

pytestmark = pytest.mark.alone  # the memory of its processes is looked at
GOALS_MB = AFTER_WORK_MB["tensorflow"]
DROPPED = "SELECT DISTINCT drop_reason FROM weatherapp_delivery WHERE state = 'DROPPED'"


def test_the_home_page_shows_an_active_alert_that_explains_itself(demo):
    pages = [demo.page(path) for path in ("/", *(f"/places/{pk}/" for pk in (1, 2, 3)))]
    addresses = re.findall(r'href="(/alerts/\d+)[-/]', " ".join(pages))
    firing = demo.query("SELECT id FROM weatherapp_alert WHERE state = 'FIRING'")
    stories = [demo.page(f"/alerts/{pk}/") for (pk,) in firing]

    assert firing
    assert {f"/alerts/{pk}" for (pk,) in firing} <= set(addresses)
    assert all("Why it was raised" in story for story in stories)
    assert any("precipitation measured in the last 24 hours" in story for story in stories)


def test_an_alert_by_the_model_names_the_model_that_it_was_decided_by(demo):
    (predicted, version), *_ = demo.query(
        "SELECT c.alert_id, p.model_version FROM weatherapp_alertchange c "
        "JOIN weatherapp_prediction p ON p.id = c.prediction_id ORDER BY c.id DESC"
    )

    alert = demo.page(f"/alerts/{predicted}/")

    assert "rain_mini" in alert
    assert version in alert


def test_the_storm_raised_alerts_of_more_than_one_quantity(demo):
    rules = {
        name
        for (name,) in demo.query(
            "SELECT DISTINCT r.key FROM weatherapp_alert a "
            "JOIN weatherapp_rule r ON r.id = a.rule_id"
        )
    }

    assert len(rules) > 2, rules


def test_every_page_says_that_it_is_a_replay_and_of_what(demo):
    for path in ("/", "/places/1/", "/alerts/1/"):
        assert "Tropical storm Andrea" in demo.page(path)


def test_alerts_rose_changed_and_ended(demo):
    reasons = {reason for (reason,) in demo.query("SELECT reason FROM weatherapp_alertchange")}
    states = {state for (state,) in demo.query("SELECT state FROM weatherapp_alert")}

    assert {"RAISED", "ESCALATED", "REDUCED", "CLEARED"} <= reasons
    assert states == {"FIRING", "ENDED"}


def test_every_hour_was_predicted_once_by_the_model_through_the_queue(demo):
    rows = demo.query(
        "SELECT state, count(*), count(DISTINCT place_id || window_end_at) "
        "FROM weatherapp_predictionrequest GROUP BY state"
    )
    ((state, requests, hours),) = rows

    assert state == "ANSWERED"
    assert requests == hours == demo.query("SELECT count(*) FROM weatherapp_prediction")[0][0]
    assert requests >= 3 * 128


def test_no_observation_of_the_scenes_future_reached_the_site(demo):
    ((newest,),) = demo.query("SELECT max(observed_at) FROM weatherapp_reading")
    ((present,),) = demo.query("SELECT plays_until_at FROM weatherapp_scene")

    assert newest[:13] == present[:13]
    assert demo.query("SELECT count(*) FROM weatherapp_sourceforecast") == [(0,)]


def test_a_subscriber_is_told_once_of_each_beginning_and_each_end(demo, reader):
    settled = "SELECT count(*) FROM weatherapp_delivery WHERE state = 'PENDING'"
    wait_for("every mail is sent, or not worth it", lambda: demo.query(settled) == [(0,)])

    mails = list(reader.mails("[Replay]"))
    count = dict(demo.query("SELECT state, count(*) FROM weatherapp_delivery GROUP BY state"))

    assert len(mails) == len({mail["Message-ID"] for mail in mails}) == count["SENT"]
    # Hours pass in seconds here: an alert may be over, or worse, before its mail is sent.
    assert {reason for (reason,) in demo.query(DROPPED)} <= {"OVERTAKEN", "UNHEARD"}
    newest = [mail for mail in mails if "Over:" not in mail["Subject"]][-1]
    assert any("Over:" in mail["Subject"] for mail in mails)
    assert "Why it was raised" in reader.follow(newest)
    assert reader.unsubscribe(newest) == 200
    assert demo.query("SELECT unsubscribed_at IS NULL FROM weatherapp_subscription") == [(0,)]


def test_health_is_good(demo):
    health = json.loads(demo.page("/health"))

    assert health["status"] == "ok"
    assert health["memory_mb"] < health["memory_limit_mb"]


def test_only_the_predictor_maps_tensorflow(demo):
    mapped = {
        name: any(
            "libtensorflow" in region.path for process in group for region in process.memory_maps()
        )
        for name, group in demo.processes().items()
    }

    assert mapped == {"web": False, "worker": False, "beat": False, "predictor": True}


def test_processes_stay_small_after_the_demo(demo, capsys):
    used = {
        name: sum(pss_mb(process) for process in group)
        for name, group in demo.processes().items()
        if name != "predictor"
    }

    with capsys.disabled():
        print_sizes("after the demo", used)
    assert used == {name: size for name, size in used.items() if 0 < size <= AT_START_MB[name]}


def test_every_process_stays_within_its_goal_after_work_and_reports(demo, capsys):
    read_many_pages(demo, 200)
    groups = demo.processes()
    used = {name: sum(map(pss_mb, group)) for name, group in groups.items()}
    used["predictor"] = sum(map(own_mb, groups["predictor"]))
    used["redis"] = sum(map(pss_mb, find_redis(demo)))
    processes = wait_for("all report", lambda: all_report(demo))

    whole = sum(used.values())
    with capsys.disabled():
        shown = {name: round(size) for name, size in used.items()}
        sys.stdout.write(f"\n  PSS in MB after 200 pages: {shown} = {whole:.0f}\n")
    assert {name: size for name, size in used.items() if size > GOALS_MB.get(name, whole)} == {}
    assert min(used.values()) > 0
    assert whole <= GOALS_MB[WHOLE]
    for name, part in processes.items():
        assert part["within_limit"] is True, name
        assert part["memory_mb"] > 10, name
        assert f"INFO {name}[" in demo.log_path.read_text()


def find_redis(site):
    """The embedded server, as a list of one."""
    runner = psutil.Process(site.process.pid)
    return [child for child in runner.children() if child.name() == "valkey-server"]


def test_the_runner_is_one_small_process_that_has_nothing_but_the_site(demo, capsys):
    runner = psutil.Process(demo.process.pid)
    site = sorted([*PROCESSES, "valkey-server"])

    wait_for("the demo's player has ended", lambda: names_of(runner.children()) == site, 20)

    with capsys.disabled():
        sys.stdout.write(f"\n  PSS of the runner: {pss_mb(runner):.0f} MB (goal {RUNNER_MB})\n")
    assert 0 < pss_mb(runner) <= RUNNER_MB


def names_of(processes):
    """Words of the Procfile; of others, what the system calls them."""
    return sorted(process_type(process.cmdline()) or process.name() for process in processes)


def test_a_killed_predictor_is_started_again(demo):
    (before,) = demo.processes()["predictor"]

    before.kill()

    wait_for("a new predictor runs", lambda: other_pids(demo, before.pid))
    assert demo.status("/") == 200


def test_a_killed_embedded_redis_server_is_started_again(demo):
    (before,) = find_redis(demo)

    before.kill()

    wait_for("another runs", lambda: [1 for child in find_redis(demo) if child.pid != before.pid])
    assert wait_for("the site reaches it", lambda: demo.status("/queue-status") == 200)


def other_pids(site, pid):
    return [process.pid for process in site.processes()["predictor"] if process.pid != pid]


def test_a_second_start_goes_on_where_the_scene_was(demo):
    scene = "SELECT anchor_scene_at, anchor_real_at FROM weatherapp_scene"
    predictions = "SELECT count(*) FROM weatherapp_prediction"
    before, count = demo.query(scene), demo.query(predictions)

    assert demo.stop() == 0
    demo.start()

    assert demo.query(scene) == before
    assert demo.query(predictions) >= count
    assert demo.status("/") == 200


def test_ctrl_c_stops_every_process_and_nothing_is_orphaned(demo):
    processes = [process for group in wait_for_all(demo).values() for process in group]

    status = demo.stop(signal.SIGINT)

    _, left = psutil.wait_procs(processes, timeout=10)  # init collects what has ended
    demo.start()
    assert status == 0
    assert left == []


def test_before_the_first_request_every_process_is_small(tmp_path, capsys):
    with Site(tmp_path).running("demo") as site:
        groups = wait_for_all(site)
        used = {name: sum(map(pss_mb, group)) for name, group in groups.items()}

    with capsys.disabled():
        print_sizes("before the first request", used)
    assert used == {name: size for name, size in used.items() if 0 < size <= AT_START_MB[name]}


def wait_for_all(site):
    """All processes, once the Celery ones are ready to work."""
    wait_for("every process is there", lambda: all(site.processes().values()))
    wait_for("worker and predictor are ready", lambda: site.ready() >= 2)
    return site.processes()


def print_sizes(when, used):
    total = sum(used.values())
    columns = "  ".join(
        f"{name} {used[name]:.0f} (goal {AT_START_MB[name]})" for name in PROCESSES if name in used
    )
    sys.stdout.write(f"\n  PSS in MB {when}:  {columns}  sum {total:.0f}\n")
