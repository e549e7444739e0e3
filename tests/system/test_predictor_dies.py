"""The site when its predictor is killed: it stays up, says so, and recovers."""

from __future__ import annotations

import os
import signal
from datetime import datetime, timedelta

import psutil
import pytest

from tests.system.night_before import begin_before_it
from tests.system.site import Site, predictor_beside, wait_for
from weatherapp.operations.local.redis_server import RedisServer

FOUR_HOURS = timedelta(hours=4)


@pytest.fixture
def site(tmp_path):
    """A site whose predictor the test starts and kills by itself."""
    with RedisServer(tmp_path / "redis.log") as redis:
        site = Site(tmp_path, REDIS_URL=redis.url)
        begin_before_it(site)
        with site.running("predictor"):
            yield site


def kill_group(process):
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def let_time_pass(site, passed):
    """The scene's clock is `passed` further, and every place is due."""
    ((at,),) = site.query("SELECT anchor_real_at FROM weatherapp_scene")
    earlier = datetime.fromisoformat(at) - passed
    site.query("UPDATE weatherapp_scene SET anchor_real_at = ?", earlier.isoformat(sep=" "))
    site.query("UPDATE weatherapp_place SET next_refresh_at = NULL, claimed_until = NULL")


def states(site, table):
    return {state for (state,) in site.query(f"SELECT state FROM weatherapp_{table}")}  # noqa: S608


def count_alerts(site, basis, states):
    """Of rules of one basis that are in one of the states."""
    found = site.query(
        "SELECT a.state, count(*) FROM weatherapp_alert a JOIN weatherapp_ruleversion v "
        "ON v.rule_id = a.rule_id WHERE v.definition LIKE ? GROUP BY a.state",
        f"%{basis}%",
    )
    return sum(count for state, count in found if state in states)


def count_worse(site):
    """Changes by which an alert about measured weather began or got worse."""
    ((count,),) = site.query(
        "SELECT count(*) FROM weatherapp_alertchange c JOIN weatherapp_alert a ON a.id = c.alert_id "
        "JOIN weatherapp_ruleversion v ON v.rule_id = a.rule_id "
        "WHERE v.definition LIKE '%MEASURED%' AND c.reason IN ('RAISED', 'ESCALATED')"
    )
    return count


def test_without_a_predictor_only_the_rain_rules_say_no_data_and_a_new_one_answers(site):
    with predictor_beside(site) as predictor:
        site.wait_for_demo()
        assert count_alerts(site, "PROBABILITY", ("FIRING",))
        worse = count_worse(site)

        kill_group(predictor)
        let_time_pass(site, FOUR_HOURS)
        wait_for(
            "the rules by probability say no data",
            lambda: (
                count_alerts(site, "PROBABILITY", ("NO_DATA",))
                and not count_alerts(site, "PROBABILITY", ("FIRING", "RECOVERING"))
            ),
        )
        wait_for("the storm's measured rain is told", lambda: count_worse(site) > worse)

        assert site.status("/health") == 200
        assert "no data" in site.page("/").lower()
        assert "no data" in site.page("/places/1/").lower()
        assert count_alerts(site, "MEASURED", ("FIRING",))
        assert not count_alerts(site, "MEASURED", ("NO_DATA",))

    with predictor_beside(site):
        wait_for("the rules know again", lambda: "NO_DATA" not in states(site, "alert"))
        assert "WAITING" not in states(site, "predictionrequest")


def test_a_request_that_dies_with_its_predictor_is_answered_after_the_restart_and_once(site):
    with predictor_beside(site) as predictor:
        wait_for("the predictor loads TensorFlow for its first request", lambda: loads(predictor))
        assert states(site, "predictionrequest") == {"WAITING"}
        kill_group(predictor)

    with predictor_beside(site):
        wait_for(
            "the first hour is answered", lambda: "ANSWERED" in states(site, "predictionrequest")
        )
        site.wait_for_demo()
    ((answers, requests),) = site.query(
        "SELECT count(*), count(DISTINCT request_id) FROM weatherapp_prediction"
    )
    assert answers == requests
    assert states(site, "predictionrequest") == {"ANSWERED"}


def loads(predictor):
    """TensorFlow is being mapped: the first request is in the predictor's hands."""
    family = psutil.Process(predictor.pid)
    return any(
        "libtensorflow" in region.path
        for process in [family, *family.children(recursive=True)]
        for region in process.memory_maps()
    )
