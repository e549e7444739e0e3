"""How often a client may ask: of the API, and for predictions."""

from __future__ import annotations

from datetime import timedelta

from weatheralert.environment import number

# Requests to the API of one client in a minute; with a key ten times as many.
API_REQUESTS_A_MINUTE: int = number("API_REQUESTS_A_MINUTE", 300, least=1)
# How often one client may ask for a prediction: so many at once, and one more after each pause.
PREDICT_NOW_BURST: int = number("PREDICT_NOW_BURST", 10, least=1)
PREDICT_NOW_EVERY = timedelta(seconds=number("PREDICT_NOW_EVERY_SECONDS", 6, least=1))
