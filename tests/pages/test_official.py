"""Official warnings on home, at places and beside our own alerts."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.factories import NOON, make_alert, make_place, make_rule
from tests.official.feeds import make_source
from tests.pages import scenes
from tests.pages.markup import words
from tests.pages.official import GALE, HOUR, add_event, heard_source, make_warning
from weatherapp.models import OfficialWarning, SourceState, WarningSource

pytestmark = pytest.mark.django_db

NOBODY_WARNS = "that nothing stands here does not mean that nobody warns"


@pytest.fixture
def place():
    return scenes.make_live_place(country="IE")


def look(client, row, **headers):
    return words(client.get(row.get_absolute_url(), headers=headers))


def test_a_warning_stands_first_with_all_that_its_issuer_says(client, place):
    heard_source(attribution="Copyright Met Office", licence="CC BY 4.0")
    make_warning(place)

    text = look(client, place)

    for said in (
        "Severe In force Wind warning",
        "Since Thu 1 Jan, 11:00, until Thu 1 Jan, 17:00.",
        "Gales on all coasts",
        "What the issuer says to do: Stay away from the sea.",
        "Where: Kerry",
        "Issued by Met Office, Thu 1 Jan, 10:00.",
        "Met Office: as of Thu 1 Jan, 11:59. Copyright Met Office (licence: CC BY 4.0)",
    ):
        assert said in text
    assert text.index("Wind warning") < text.index("Rain is likely within")


def test_what_two_tell_is_shown_once_and_both_are_named(client, place):
    source = heard_source()
    warning = make_warning(place, source=source)
    alarm = heard_source(key="alarm", issuer="MeteoAlarm", countries="IE GB")
    add_event(warning, place, source=alarm, issuer="Met Office")
    other = heard_source(key="other", issuer="Another Office")
    add_event(warning, place, source=other)

    text = look(client, place)

    assert text.count("Wind warning") == 1
    assert "Issued by Met Office, Thu 1 Jan, 10:00." in text
    assert "The same is passed on by MeteoAlarm, Thu 1 Jan, 10:00." in text
    assert "The same by Another Office, Thu 1 Jan, 10:00." in text


def test_times_are_those_of_the_place(client):
    place = scenes.make_live_place(country="DE", time_zone="Europe/Berlin")
    make_warning(place, source=heard_source(countries="DE"), onset_at=NOON + 2 * HOUR, ends_at=None)

    text = look(client, place)

    assert "Severe To come" in text
    assert "From Thu 1 Jan, 15:00; the issuer does not say until when." in text


def test_words_of_issuers_are_text_and_never_markup(client, place):
    text = {**GALE, "headline": "<b>Run</b><script>x</script>", "web": "javascript:alert(1)"}
    make_warning(place, texts=[text])

    page = client.get(place.get_absolute_url()).content.decode()

    assert "&lt;b&gt;Run&lt;/b&gt;" in page
    assert "javascript:alert" not in page


def test_links_of_issuers_are_not_followed_nor_opened_into(client, place):
    make_warning(place)

    page = client.get(place.get_absolute_url()).content.decode()

    assert '<a href="https://met.example/warnings" rel="nofollow noopener">' in page


@pytest.mark.parametrize("texts", [[], [{}], ["odd"], [{"language": "not a language!"}]])
def test_what_says_nothing_is_named_by_its_kind(client, place, texts):
    make_warning(place, texts=texts)

    assert "In force Wind Since" in look(client, place)


def test_what_cannot_be_read_again_is_named_by_its_kind(client, place):
    make_warning(place)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE weatherapp_officialevent SET texts = %s", [b"\x00odd"])

    assert "In force Wind Since" in look(client, place)


def test_without_warnings_it_is_said_as_of_when_and_by_whom(client, place):
    heard_source(attribution="© Met Office")

    text = look(client, place)

    assert "No official warnings for this place. Met Office: as of Thu 1 Jan, 11:59." in text
    assert text.index("Rain is likely within") < text.index("No official warnings")


def test_a_place_that_nobody_covers(client, place):
    heard_source(countries="FR DE")

    text = look(client, place)

    assert f"No official source covers this place: {NOBODY_WARNS}" in text
    assert "No official warnings" not in text


@pytest.mark.parametrize("state", [SourceState.OFF, SourceState.SUGGESTED])
def test_a_site_that_asks_nobody(client, place, state):
    heard_source(state=state)

    text = look(client, place)

    assert f"This site asks no official source: {NOBODY_WARNS}" in text
    assert "Met Office" not in text


def test_a_place_without_a_country_is_covered_by_the_worlds_sources_alone(client):
    place = make_place()
    heard_source()
    heard_source(key="world", issuer="World Office", countries="")

    text = look(client, place)

    assert "World Office: as of" in text
    assert "Met Office: as of" not in text


def test_a_silent_source_is_said_before_anything_else(client, place):
    heard_source(succeeded_at=NOON - 3 * HOUR)

    text = look(client, place)

    silent = "Met Office has been silent since Thu 1 Jan, 09:00"
    assert f"{silent}: whether it warns of anything now is not known here." in text
    assert "No official warnings for this place" not in text
    assert text.index(silent) < text.index("Rain is likely within")


def test_what_a_silent_source_said_stays_and_may_be_outdated(client, place):
    make_warning(place, source=heard_source(succeeded_at=NOON - 3 * HOUR))

    text = look(client, place)

    assert "since Thu 1 Jan, 09:00: what it says here may be outdated." in text
    assert "Wind warning" in text


def test_a_source_that_was_never_heard_is_no_quiet_day(client, place):
    make_source()

    text = look(client, place)

    assert "Met Office of Nowhere has not been heard yet" in text
    assert "No official warnings for this place" not in text


def test_what_is_over_is_not_at_the_place(client, place):
    make_warning(place, ends_at=NOON - timedelta(minutes=1))
    ended = make_warning(place)
    ended.events.update(ended_at=NOON)

    assert "No official warnings for this place." in look(client, place)
    assert "Official warning" not in words(client.get("/"))


def test_the_graver_stand_first(client, place):
    make_warning(place, severity="Minor", texts=[{"event": "Breeze"}])
    make_warning(place, severity="Extreme", texts=[{"event": "Hurricane"}])

    text = look(client, place)

    assert text.index("Hurricane") < text.index("Breeze")


@pytest.mark.parametrize(
    ("language", "shown", "hidden"),
    [("en", "Wind warning", "Avis"), ("fr", "Avis de vent", "Wind warning")],
)
def test_the_readers_language_where_the_issuer_has_it(client, place, language, shown, hidden):
    make_warning(place, texts=[GALE, {"language": "fr-CA", "event": "Avis de vent"}])

    text = look(client, place, **{"Accept-Language": language})

    assert shown in text
    assert hidden not in text


def test_else_the_original_marked_and_named_as_such(client, place):
    make_warning(place, texts=[{"language": "de-DE", "event": "Sturmböen"}])

    page = client.get(place.get_absolute_url()).content.decode()

    assert '<span lang="de-DE" dir="auto">Sturmböen</span>' in page
    assert "The issuer’s words, in this language: German." in page
    assert "Kind of weather: Wind." in page


def test_an_alert_of_ours_names_the_warning_of_the_same_hours_and_kind(client, place):
    warning = make_warning(place)
    alert = make_alert(make_rule(place), hazard="WIND", ends_at=NOON + HOUR)
    other = make_alert(make_rule(place, name="Wet"), hazard="SNOW", ends_at=NOON + HOUR)
    named = "Severe Met Office warns of wind for the same hours"

    assert look(client, place).count(named) == 1
    page = client.get(alert.get_absolute_url())
    assert named in words(page)
    assert f'href="{warning.get_absolute_url()}"' in page.content.decode()
    assert "for the same hours" not in look(client, other)


def test_a_replays_alert_is_not_of_todays_hours(client):
    place = scenes.make_replay_place()
    heard_source(countries="")
    make_warning(place)
    alert = make_alert(make_rule(place), hazard="WIND", onset_at=NOON, ends_at=None)

    assert "These are of today, and not of the time that is replayed here." in look(client, place)
    assert "for the same hours" not in look(client, alert)


def test_home_has_them_first_with_their_places(client, place):
    other = scenes.make_live_place(name="Cork", country="IE")
    off = make_place(name="Off", is_active=False)
    at_two = make_warning(place, other, off)
    make_warning(other, severity="Moderate", texts=[{"event": "Showers"}])
    make_warning(off, severity="Extreme", texts=[{"event": "Hurricane"}])

    page = client.get("/")

    text = words(page)
    assert "Severe In force Wind warning at 2 places, since Thu 1 Jan, 11:00" in text
    assert "Moderate In force Showers at Cork, since" in text
    assert "Hurricane" not in text
    assert text.index("Wind warning") < text.index("Showers") < text.index("Places Cork")
    assert f'href="{at_two.get_absolute_url()}"' in page.content.decode()
    assert "Severe 2 official warnings" in text  # at Cork's line
    assert "Severe Official warning" in text


def test_home_lists_a_few_and_counts_the_others(client, place):
    heard_source()
    for number in range(9):
        make_warning(place, texts=[{"event": f"Warning {number}"}])

    text = words(client.get("/"))

    assert text.count("In force ") == 6
    assert "3 more stand at places of this site" in text
    assert "Severe 9 official warnings" in text


def test_home_without_any_says_nothing_of_them(client, place):
    heard_source()

    assert "fficial warning" not in words(client.get("/"))


def test_a_new_poll_and_a_source_switched_off_are_seen_at_once(client, place):
    heard_source()
    before = look(client, place)
    WarningSource.objects.update(succeeded_at=NOON)
    after = look(client, place)
    WarningSource.objects.update(state=SourceState.OFF)

    assert "as of Thu 1 Jan, 11:59" in before
    assert "as of Thu 1 Jan, 12:00" in after
    assert "This site asks no official source" in look(client, place)


@pytest.mark.django_db(transaction=True)  # the page looks over a connection of its own
def test_status_counts_what_is_in_force(client, place):
    make_warning(place, source=heard_source(in_force=3))

    assert "3 warnings in force" in words(client.get("/status"))
    assert OfficialWarning.objects.count() == 1
