"""Requests to the predictor: their windows, their queue, people's tickets, the answers."""
