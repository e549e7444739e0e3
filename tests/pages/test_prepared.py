"""A query that is put together once asks each time what Django would ask."""

import pytest
from django.db import connection, transaction
from django.db.models import Count, Value
from django.test.utils import CaptureQueriesContext

from tests.factories import make_place, make_readings
from weatherapp.models import Place
from weatherapp.pages.prepared import PreparedQuery

pytestmark = pytest.mark.django_db


def count_readings(keys):
    places = Place.objects.filter(pk__in=keys).order_by("pk")
    return places.annotate(known=Count("readings"), percent=Value("%s")).values(
        "pk", "name", "known", "percent"
    )


@pytest.fixture
def ids():
    places = [make_place(name=f"50 % {number}") for number in range(3)]
    for place in places:
        make_readings(place, hours=place.pk % 3 + 1)
    return [place.pk for place in places]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_rows_are_those_of_the_query(ids, count):
    prepared = PreparedQuery(count_readings, most_keys=3)

    assert prepared.rows(ids[:count]) == list(count_readings(ids[:count]))


def test_each_look_is_one_question_and_the_first_one_too(ids):
    built = []

    def build(keys):
        built.append(keys)
        return count_readings(keys)

    prepared = PreparedQuery(build)
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        rows = [prepared.rows([pk]) for pk in (*ids, *ids)]

    assert [row["pk"] for (row,) in rows] == [*ids, *ids]
    assert sum("COUNT" in query["sql"] for query in asked) == 6
    assert len(built) == 1


def test_what_django_asks_of_the_database_meanwhile_is_not_taken_for_the_query(ids):
    def build(keys):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")  # as it looks for what a database can do
        return count_readings(keys)

    prepared = PreparedQuery(build)

    assert prepared.rows(ids[:1]) == prepared.rows(ids[:1]) == list(count_readings(ids[:1]))


def test_a_query_that_is_never_asked_is_refused():
    with pytest.raises(ValueError, match="cannot be prepared"):
        PreparedQuery(lambda _: Place.objects.none().values()).rows()
