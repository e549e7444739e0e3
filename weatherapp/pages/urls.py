"""Which view answers which of the pages' addresses."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import path

from weatherapp.addresses import ADDRESSES
from weatherapp.operations.health import health
from weatherapp.pages import (
    about,
    api,
    card,
    feeds,
    find_views,
    help,
    map,
    movable_map,
    official_views,
    preferences,
    privacy,
    pwa,
    request_views,
    robots,
    saved,
    status,
    subscription_views,
    views,
)
from weatherapp.pages.pictures import views as pictures
from weatherapp.pages.skill_views import skill, skill_place

VIEWS: dict[str, Callable[..., HttpResponseBase]] = {
    "home": views.home,
    "place": views.place,
    "place_card": card.place_card,
    "subscribe": subscription_views.subscribe,
    "subscribed": subscription_views.subscribed,
    "predict_now": request_views.predict_now,
    "ticket": request_views.ticket,
    "cancel_ticket": request_views.cancel,
    "api_predictions": api.create_prediction,
    "api_prediction": api.prediction,
    "api_cancel": api.cancel_prediction,
    "queue_status": api.queue_status,
    "alert": views.alert,
    "alert_picture": pictures.alert_picture,
    "place_picture": pictures.place_picture,
    "official_warning": official_views.official_warning,
    "confirm": subscription_views.confirm,
    "unsubscribe": subscription_views.unsubscribe,
    "mail_leave_link": subscription_views.mail_leave_link,
    "never_again": subscription_views.never_again,
    "place_calendar": feeds.place_calendar,
    "feeds": feeds.about_feeds,
    "alerts_log": feeds.alerts_log,
    "alerts_feed": feeds.alerts,
    "cap_message": feeds.cap_message,
    "map": map.world_map,
    "map_places": movable_map.map_places,
    "small_map": map.small_map,
    "find": find_views.find,
    "look_up": find_views.look_up,
    "saved": saved.saved,
    "save": saved.save,
    "unsave": saved.unsave,
    "skill": skill,
    "skill_place": skill_place,
    "preferences": preferences.preferences,
    "privacy": privacy.privacy,
    "about": about.about,
    "help": help.help_page,
    "status": status.status,
    "offline": pwa.offline,
    "manifest": pwa.manifest,
    "service_worker": pwa.service_worker,
    "robots": robots.robots,
    "health": health,
}

urlpatterns = [path(address, VIEWS[name], name=name) for name, address in ADDRESSES.items()]
