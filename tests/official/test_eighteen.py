"""What a good reader of warnings does, point by point: which tests say so, and those through storing.

The eighteen: sources are data; polite asking; failures; wrappings; who is meant; keys; successions; ends;
which end; the same identifier; shapes; unknown areas; languages; severity; telling; duplicates; who said it;
"no data".
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.factories import make_place
from tests.official.feeds import make_source
from tests.official.making import NOON, make_cap, make_info, with_parameter
from tests.official.stored import HOUR, known_source, list_reasons, store
from weatherapp.models import OfficialEvent, WarningSource
from weatherapp.official.reading import find_coverage

pytestmark = pytest.mark.django_db

OF = {
    1: [
        "official/test_source_rows: every_entry_becomes_one_row_that_is_off",
        "official/test_source_rows: a_release_corrects_what_its_catalogue_says_and_leaves",
        "official/test_source_polling: a_failure_has_a_name_and_leaves_what_is_known",
    ],
    2: [
        "official/test_source_polling: the_authority_is_told_who_asks",
        "official/test_source_polling: what_has_not_changed_is_not_taken_again_and_counts_as",
        "official/test_source_polling: a_server_that_never_ends_well_is_given_up_on",
        "official/test_source_polling: failures_in_a_row_make_the_pauses_longer",
    ],
    3: [
        "official/test_storing: a_poll_that_fails_is_no_quiet_day",
        "official/test_storing: a_body_that_breaks_in_the_middle_leaves_nothing",
        "official/test_hostile_stored: a_bad_document_leaves_all_as_it_was",
    ],
    4: [
        "official/test_wrappings: a_warning_is_read_from_every_wrapping",
        "official/test_hostile: a_bad_document_is_refused_by_name",
    ],
    5: [
        "official/test_events: 5_only_actual_messages_count",
        "official/test_events: 5_what_is_not_public_is_dropped",
        "official/test_events: 5_green_is_no_warning",
        "official/test_events: 5_what_is_past_is_no_warning_any_more",
    ],
    6: [
        "official/test_events: 6_messages_that_refer_to_each_other_are_one_event_by_its_root",
        "official/test_events: 6_vtec_names_the_event_though_nothing_refers_to_anything",
    ],
    7: [
        "official/test_events: 7_the_order_of_arrival_does_not_matter",
        "official/test_events: 7_a_missing_predecessor_still_names_the_event",
        "official/test_storing: an_update_that_comes_before_what_it_updates_is_the_same_event",
    ],
    8: [
        "official/test_endings: 8_a_cancellation_inside_active_ends_and_never_announces",
        "official/test_endings: 8_what_a_complete_answer_lacks_was_withdrawn",
        "official/test_storing: what_a_whole_poll_no_longer_has_was_withdrawn_and_may_come_back",
        "official/test_storing: time_ends_a_warning_and_nobody_is_told",
        "official/test_storing: a_source_that_is_switched_off_no_longer_warns",
    ],
    9: [
        "official/test_endings: 9_the_weathers_end_comes_before_the_texts",
        "official/test_endings: 9_without_any_end_it_stands_a_day",
    ],
    10: [
        "official/test_endings: 10_an_identifier_that_is_used_again_is_read_again",
        "official/test_eighteen: 10_an_identifier_that_is_used_again_changes_its_event",
    ],
    11: [
        "official/test_shapes: 11_axes_are_swapped_by_the_countrys_box",
        "official/test_shapes: 11_a_ring_over_180_degrees_is_cut_there",
        "official/test_storing: a_shape_holds_places_and_its_holes_do_not",
        "official/test_hostile_stored: an_area_across_180_degrees_holds_places_on_both_sides",
        "official/test_hostile_stored: an_area_around_a_pole_holds_the_pole",
    ],
    12: [
        "official/test_endings: 12_an_area_in_words_only_is_kept_and_said",
        "official/test_storing: an_area_that_no_table_knows_is_kept_and_said",
    ],
    13: [
        "official/test_endings: 13_several_infos_are_one_event_in_all_its_languages",
        "official/test_eighteen: 13_all_languages_are_kept_in_one_event",
    ],
    14: [
        "official/test_endings: 14_severity_is_kept_as_it_was_and_in_caps_words",
        "official/test_eighteen: 14_severity_is_stored_as_it_was_and_in_caps_words",
    ],
    15: [
        "official/test_storing: what_is_there_at_the_first_load_is_told_to_nobody",
        "delivery/test_official_outbox: what_was_there_at_the_first_load_is_owed_to_nobody",
        "delivery/test_official_outbox: each_change_that_matters_owes_a_mail_and_others_none",
    ],
    16: [
        "official/test_storing_sources: two_sources_that_tell_of_the_same_are_one_warning",
        "delivery/test_official_outbox: somebody_with_several_places_under_one_warning_gets_one",
        "delivery/test_official_outbox: two_sources_of_one_danger_owe_one_mail",
    ],
    17: [
        "official/test_endings: 17_the_issuer_has_its_name",
        "delivery/test_official_mails: a_new_warning_says_who_warns_of_what_where_when",
    ],
    18: ["official/test_eighteen: 18_no_data_is_said_of_a_place_and_of_a_source"],
}


def test_each_of_the_eighteen_is_there():
    assert sorted(OF) == list(range(1, 19))


@pytest.mark.parametrize("named", [one for names in OF.values() for one in names])
def test_what_is_named_here_is_a_test(named):
    module, name = named.split(": ")
    text = (Path(settings.BASE_DIR) / "tests" / f"{module}.py").read_text()

    assert re.search(rf"^def test_{name}", text, re.MULTILINE)


def test_10_an_identifier_that_is_used_again_changes_its_event(place):
    source = known_source()
    store(source, make_cap("a"))
    worse = make_info(severity="Extreme")
    store(source, make_cap("a", sent="2026-03-01T11:00:00+00:00", infos=[worse]))

    assert OfficialEvent.objects.get().severity == "Extreme"
    assert list_reasons() == ["ISSUED", "ESCALATED"]


def test_13_all_languages_are_kept_in_one_event(place):
    german = make_info(language="de-CH", headline="Wind kommt")
    store(known_source(), make_cap("a", infos=[make_info(), german]))

    event = OfficialEvent.objects.get()
    assert event.languages == ["en", "de-CH"]
    assert [text["headline"] for text in event.texts] == ["Wind is coming", "Wind kommt"]


def test_14_severity_is_stored_as_it_was_and_in_caps_words(place):
    info = make_info(severity="Unknown", rest=with_parameter("awareness_level", "4; red; Extreme"))
    store(known_source(), make_cap("a", infos=[info]))

    event = OfficialEvent.objects.get()
    assert (event.severity, event.texts[0]["raw_severity"]) == ("Extreme", "Unknown")


def test_18_no_data_is_said_of_a_place_and_of_a_source():
    irish, french = make_place(name="Cork", country="IE"), make_place(name="Brest", country="FR")
    make_source(succeeded_at=NOON - 9 * HOUR)
    sources = list(WarningSource.objects.on())

    assert find_coverage(french, sources, NOON).is_none
    assert find_coverage(irish, sources, NOON).is_silent
    assert not find_coverage(irish, sources, NOON - 9 * HOUR).is_silent
