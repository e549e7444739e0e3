"""An alert's page explains itself."""

from datetime import timedelta

import pytest

from tests.factories import (
    NOON,
    make_alert,
    make_evidence,
    make_place,
    make_prediction,
    make_rule,
    rain_soon,
    storm_gusts,
)
from tests.pages import scenes
from tests.pages.markup import read, words
from weatherapp.alerting.rulebook import save_version
from weatherapp.models import AlertState, ChangeReason

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def open_page(client, alert):
    page = client.get(f"/alerts/{alert.pk}/")
    assert page.status_code == 200
    return page


def test_active_alert_says_what_where_since_when_and_why(client):
    alert = scenes.make_raised_rule(scenes.make_live_place())
    page = open_page(client, alert)
    text = words(page)

    assert read(page.content.decode()).one("h1").text == "Rain soon, Dublin"
    assert "Minor Now Rain soon" in text
    assert "70 %: any rain within 6 hours, since Thu 1 Jan, 09:00, until Thu 1 Jan" in text
    assert "confirmed less than a minute ago." in text
    assert "Raised Thu 1 Jan, 09:00 3 hours ago" in text
    assert "The rule raises Minor at 60 % and keeps it up to 50 %." in text
    assert "Minor, Immediate, Likely" in text
    assert "This site is not a warning authority" in text


def test_what_is_to_come_says_from_when_to_when(client):
    alert = make_alert(
        make_rule(make_place(), says=storm_gusts(), name="Storm gusts"),
        severity="Severe",
        onset_at=NOON + 3 * HOUR,
        ends_at=NOON + 5 * HOUR,
        confirmed_until_at=NOON + 5 * HOUR,
        evidence=make_evidence(31.0, storm_gusts()),
    )

    text = words(open_page(client, alert))

    assert "Severe Expected Storm gusts" in text
    assert "31.0 m/s: highest wind gust forecast for the next 12 hours" in text
    assert "from Thu 1 Jan, 15:00 to Thu 1 Jan, 17:00" in text
    assert "Severe, Future, Likely" in text


def test_an_alert_whose_time_is_over_is_not_called_active(client):
    alert = make_alert(make_rule(make_place()), confirmed_until_at=NOON - HOUR, ends_at=NOON - HOUR)

    text = words(open_page(client, alert))

    assert "No data to confirm it" in text
    assert "nobody knows whether it still holds" in text


def test_hours_are_drawn_beside_a_table(client):
    seen = [[(NOON + lead * HOUR).isoformat(), 20.0 + lead] for lead in range(3)]
    alert = make_alert(
        make_rule(make_place(), says=storm_gusts()),
        evidence=make_evidence(22.0, storm_gusts(), seen=seen),
    )

    page = open_page(client, alert)
    html = page.content.decode()

    chart = html[html.index('<svg width="100%"') :].partition("</svg>")[0]
    assert chart.count('class="bar"') == 3
    assert "seen-threshold seen-severe" in chart
    assert read(html).one("caption").text == "Wind gust, hour by hour"
    assert "Moderate 18.0 m/s" in words(page)
    assert "Severe 29.0 m/s" in words(page)
    assert "kept up to 15.0 m/s" in words(page)
    assert "21.0 m/s" in words(page)


def test_technical_details_name_model_facts_and_version(client):
    place = scenes.make_live_place()
    prediction = make_prediction(place, window_end_at=NOON - timedelta(hours=3))
    alert = make_alert(
        make_rule(place),
        prediction=prediction,
        evidence=make_evidence(says=rain_soon(), prediction_id=prediction.pk),
    )

    text = words(open_page(client, alert))

    assert "rule version 1" in text
    assert f"rain_mini test, prediction {prediction.pk}" in text
    assert "facts of Thu 1 Jan, 12:00" in text


def test_every_change_is_told_in_order(client):
    alert = scenes.make_raised_rule(scenes.make_live_place())
    scenes.add_change(alert, ChangeReason.ESCALATED, value=0.82, severity="Severe")
    scenes.add_change(alert, ChangeReason.DATA_LOST, state=AlertState.NO_DATA, value=None)
    scenes.add_change(alert, ChangeReason.DATA_BACK, value=0.79)

    text = words(open_page(client, alert))
    titles = [
        "Raised Thu 1 Jan, 09:00",
        "More severe Thu 1 Jan, 10:00",
        "No data Thu",
        "Data is back",
    ]

    assert [text.index(title) for title in titles] == sorted(text.index(title) for title in titles)
    assert "It got worse: Severe (82 %)." in text


def test_what_held_it_back_is_told(client):
    evidence = make_evidence() | {
        "held_back_since_at": (NOON - HOUR).isoformat(),
        "gates": ["PENDING"],
    }
    alert = make_alert(make_rule(make_place()), evidence=evidence)

    assert "It held since Thu 1 Jan, 11:00, but had to hold for longer first." in words(
        open_page(client, alert)
    )


def test_alert_without_data_says_that_nobody_knows(client):
    place = scenes.make_silent_place()
    alert = make_alert(
        place.chosen_by.get(), state=AlertState.NO_DATA, confirmed_at=NOON - timedelta(hours=5)
    )

    text = words(open_page(client, alert))

    assert "No data to confirm it" in text
    assert "It was 70 % 5 hours ago; nobody knows whether it still holds." in text


def test_ended_alert_says_when_and_for_how_long(client):
    alert = scenes.end_alert(make_rule(scenes.make_live_place()), peak_severity="Severe")

    text = words(open_page(client, alert))

    assert "It is over. At its worst it was Severe." in text
    assert "Ended Thu 1 Jan, 10:00 after 7 hours" in text


@pytest.mark.parametrize(
    ("state", "reason", "sentence"),
    [
        (
            AlertState.EXPIRED,
            ChangeReason.NOT_CONFIRMED,
            "That does not mean that the weather is over.",
        ),
        (AlertState.ENDED, ChangeReason.RULE_OFF, "because its rule was switched off."),
        (
            AlertState.ENDED,
            ChangeReason.PLACE_OFF,
            "the rule does not look at this place any more.",
        ),
        (AlertState.ENDED, ChangeReason.NO_DATA, "It ended for want of data."),
        (AlertState.CANCELLED, ChangeReason.CANCELLED, "The operator cancelled it."),
    ],
)
def test_what_ended_for_another_reason_does_not_say_that_it_is_over(
    client, state, reason, sentence
):
    alert = scenes.end_alert(make_rule(scenes.make_live_place()), state=state, reason=reason)

    text = words(open_page(client, alert))

    assert sentence in text
    assert "It is over." not in text


def test_rule_that_was_edited_since_is_told_apart(client):
    place = scenes.make_live_place()
    alert = scenes.make_raised_rule(place)
    before = words(open_page(client, alert))
    save_version(alert.rule, rain_soon(threshold=0.8), now=NOON)

    after = words(open_page(client, alert))

    assert "The rule was edited" not in before
    assert "The rule was edited after it raised this alert" in after
    assert "The rule raises Minor at 60 %" in after
    assert "is 80 % or more" in after


def test_alert_of_a_replay_is_in_scene_time(client):
    place = scenes.make_replay_place()
    alert = scenes.make_raised_rule(place, at=scenes.STORM)

    text = words(open_page(client, alert))

    assert "Replay of past weather" in text
    assert "Raised Fri 7 Jun, 15:20 3 hours ago" in text


def test_alert_without_history_still_opens(client):
    alert = scenes.make_raised_rule(scenes.make_live_place())
    alert.changes.all().delete()

    assert "Why it was raised" not in words(open_page(client, alert))


def test_unknown_alert_is_not_found(client):
    assert client.get("/alerts/1/").status_code == 404


def test_queries_are_bounded(client, django_assert_max_num_queries):
    alert = scenes.make_raised_rule(scenes.make_live_place())
    for _ in range(10):
        scenes.add_change(alert, ChangeReason.ESCALATED, value=0.8)

    with django_assert_max_num_queries(7):
        page = open_page(client, alert)

    assert words(page).count("It got worse") == 10
