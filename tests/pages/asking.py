"""Asking for a prediction as a visitor does, and answering as the predictor does."""

from datetime import timedelta

from tests.factories import NOON, make_answer
from tests.forecasting.asked import record_answer
from weatherapp.models import Ticket

SECOND = timedelta(seconds=1)


def ask(client, place, **headers):
    return client.post(f"/places/{place.pk}/predict", headers=headers)


def wait(client, place):
    """An ticket that waits, and its page's address."""
    return Ticket.objects.get(pk=ask(client, place)["Location"].split("/")[-2])


def answer(ticket, *, at=NOON + SECOND, **fields):
    record_answer(ticket.request_id, make_answer(**fields), now=at)
