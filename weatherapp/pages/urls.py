"""Which view answers which of the pages' addresses."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import path

from weatherapp.addresses import ADDRESSES
from weatherapp.operations.health import health
from weatherapp.pages import (
    about,
    card,
    feeds,
    find_views,
    help,
    llms,
    map,
    metrics,
    movable_map,
    official_views,
    preferences,
    privacy,
    pwa,
    queue_view,
    request_views,
    robots,
    saved,
    status,
    subscription_views,
    text,
    views,
    warning_feeds,
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
    "queue_status": queue_view.queue_status,
    "alert": views.alert,
    "official_warning": official_views.official_warning,
    "alert_picture": pictures.alert_picture,
    "place_picture": pictures.place_picture,
    "confirm": subscription_views.confirm,
    "unsubscribe": subscription_views.unsubscribe,
    "mail_leave_link": subscription_views.mail_leave_link,
    "never_again": subscription_views.never_again,
    "place_calendar": feeds.place_calendar,
    "feeds": feeds.about_feeds,
    "alerts_log": feeds.alerts_log,
    "alerts_feed": feeds.alerts,
    "warnings_geojson": warning_feeds.warnings_geojson,
    "warnings_json": warning_feeds.warnings_json,
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
    "metrics": metrics.metrics,
    "text": text.text_index,
    "text_place": text.text_place,
    "llms": llms.llms,
}

urlpatterns = [path(ADDRESSES[name], view, name=name) for name, view in VIEWS.items()]
