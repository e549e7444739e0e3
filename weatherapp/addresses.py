"""The pages' addresses, by name: where each leads stands in pages/urls.py.

Apart from the views, because the worker writes addresses into mails and messages and answers none: the
views and all that they need would cost it some megabytes.
"""

from __future__ import annotations

from typing import NoReturn

from django.http import HttpRequest
from django.urls import path, register_converter


class IdWithWords:
    """`12-jfk-airport` and `12` both lead to 12: an address never breaks when a name changes."""

    regex = r"[0-9]+(?:-[\w-]*)?"

    def to_python(self, value: str) -> int:
        return int(value.partition("-")[0])

    def to_url(self, value: int | str) -> str:
        return str(value)


class FeedForm:
    """How a feed is written."""

    regex = "atom|rss|geojson|json"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(IdWithWords, "id")
register_converter(FeedForm, "feed")

ADDRESSES = {
    "home": "",
    "place": "places/<id:pk>/",
    "place_card": "places/<id:pk>/card",
    "subscribe": "places/<id:pk>/subscribe",
    "subscribed": "places/<id:pk>/subscribed",
    "predict_now": "places/<id:pk>/predict",
    "ticket": "predictions/<uuid:pk>/",
    "cancel_ticket": "predictions/<uuid:pk>/cancel",
    "queue_status": "queue-status",
    "alert": "alerts/<id:pk>/",
    "official_warning": "warnings/<id:pk>/",
    "alert_picture": "alerts/<id:pk>/picture.png",
    "place_picture": "places/<id:pk>/picture.png",
    "confirm": "subscriptions/<str:token>/confirm",
    "unsubscribe": "subscriptions/<str:token>/unsubscribe",
    "mail_leave_link": "subscriptions/<str:token>/leave-link",
    "never_again": "subscriptions/<str:token>/never-again",
    "place_calendar": "places/<id:pk>/alerts.ics",
    "feeds": "feeds/",
    "alerts_log": "feeds/alerts-log.atom",
    "alerts_feed": "feeds/alerts.<feed:form>",
    "warnings_geojson": "feeds/warnings.geojson",
    "warnings_json": "feeds/warnings.json",
    "cap_message": "cap/<uuid:public_id>-<int:number>.xml",
    "map": "map",
    "map_places": "map/places",
    "small_map": "map/small",
    "find": "find",
    "look_up": "find/look-up",
    "saved": "saved",
    "save": "places/<id:pk>/save",
    "unsave": "places/<id:pk>/unsave",
    "skill": "accuracy/",
    "skill_place": "accuracy/<id:pk>/",
    "preferences": "preferences",
    "privacy": "privacy",
    "about": "about",
    "help": "help",
    "status": "status",
    "offline": "offline",
    "manifest": "manifest.webmanifest",
    "service_worker": "service-worker.js",
    "robots": "robots.txt",
    "health": "health",
    "metrics": "metrics",
    "text": "text/",
    "text_place": "text/places/<id:pk>",
    "llms": "llms.txt",
    "api": "api/",
    "api_description": "api/v1/openapi.json",
    "api_places": "api/v1/places",
    "api_place": "api/v1/places/<int:place_id>",
    "api_forecast": "api/v1/places/<int:place_id>/forecast",
    "api_readings": "api/v1/places/<int:place_id>/readings",
    "api_place_scores": "api/v1/places/<int:place_id>/scores",
    "api_predictions": "api/v1/places/<int:place_id>/predictions",
    "api_prediction": "api/v1/predictions/<uuid:prediction_id>",
    "api_cancel": "api/v1/predictions/<uuid:prediction_id>/cancel",
    "api_alerts": "api/v1/alerts",
    "api_alert": "api/v1/alerts/<uuid:alert_id>",
    "api_warnings": "api/v1/warnings",
    "api_warning": "api/v1/warnings/<uuid:warning_id>",
    "api_place_warnings": "api/v1/places/<int:place_id>/warnings",
    "api_rules": "api/v1/rules",
    "api_rule": "api/v1/rules/<int:rule_id>",
    "api_scores": "api/v1/scores",
    "api_weather_sources": "api/v1/sources/weather",
    "api_warning_sources": "api/v1/sources/warnings",
}


def _answer_nothing(request: HttpRequest, **_: object) -> NoReturn:
    raise NotImplementedError(f"{request.path} is answered by the web process.")


# What a process that answers nothing reverses.
urlpatterns = [path(address, _answer_nothing, name=name) for name, address in ADDRESSES.items()]
