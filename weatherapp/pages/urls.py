"""The pages' addresses."""

from django.urls import path, register_converter

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
from weatherapp.pages.converters import FeedForm, IdWithWords
from weatherapp.pages.pictures import views as pictures
from weatherapp.pages.skill_views import skill, skill_place

register_converter(IdWithWords, "id")
register_converter(FeedForm, "feed")

urlpatterns = [
    path("", views.home, name="home"),
    path("places/<id:pk>/", views.place, name="place"),
    path("places/<id:pk>/card", card.place_card, name="place_card"),
    path("places/<id:pk>/subscribe", subscription_views.subscribe, name="subscribe"),
    path("places/<id:pk>/subscribed", subscription_views.subscribed, name="subscribed"),
    path("places/<id:pk>/predict", request_views.predict_now, name="predict_now"),
    path("predictions/<uuid:pk>/", request_views.ticket, name="ticket"),
    path("predictions/<uuid:pk>/cancel", request_views.cancel, name="cancel_ticket"),
    path("api/v1/places/<id:pk>/predictions", api.create_prediction, name="api_predictions"),
    path("api/v1/predictions/<uuid:pk>", api.prediction, name="api_prediction"),
    path("api/v1/predictions/<uuid:pk>/cancel", api.cancel_prediction, name="api_cancel"),
    path("queue-status", api.queue_status, name="queue_status"),
    path("alerts/<id:pk>/", views.alert, name="alert"),
    path("alerts/<id:pk>/picture.png", pictures.alert_picture, name="alert_picture"),
    path("places/<id:pk>/picture.png", pictures.place_picture, name="place_picture"),
    path("subscriptions/<str:token>/confirm", subscription_views.confirm, name="confirm"),
    path(
        "subscriptions/<str:token>/unsubscribe",
        subscription_views.unsubscribe,
        name="unsubscribe",
    ),
    path(
        "subscriptions/<str:token>/leave-link",
        subscription_views.mail_leave_link,
        name="mail_leave_link",
    ),
    path(
        "subscriptions/<str:token>/never-again",
        subscription_views.never_again,
        name="never_again",
    ),
    path("places/<id:pk>/alerts.ics", feeds.place_calendar, name="place_calendar"),
    path("feeds/", feeds.about_feeds, name="feeds"),
    path("feeds/alerts-log.atom", feeds.alerts_log, name="alerts_log"),
    path("feeds/alerts.<feed:form>", feeds.alerts, name="alerts_feed"),
    path("cap/<uuid:public_id>-<int:number>.xml", feeds.cap_message, name="cap_message"),
    path("map", map.world_map, name="map"),
    path("map/places", movable_map.map_places, name="map_places"),
    path("map/small", map.small_map, name="small_map"),
    path("find", find_views.find, name="find"),
    path("find/look-up", find_views.look_up, name="look_up"),
    path("saved", saved.saved, name="saved"),
    path("places/<id:pk>/save", saved.save, name="save"),
    path("places/<id:pk>/unsave", saved.unsave, name="unsave"),
    path("accuracy/", skill, name="skill"),
    path("accuracy/<id:pk>/", skill_place, name="skill_place"),
    path("preferences", preferences.preferences, name="preferences"),
    path("privacy", privacy.privacy, name="privacy"),
    path("about", about.about, name="about"),
    path("help", help.help_page, name="help"),
    path("status", status.status, name="status"),
    path("offline", pwa.offline, name="offline"),
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("service-worker.js", pwa.service_worker, name="service_worker"),
    path("robots.txt", robots.robots, name="robots"),
    path("health", health, name="health"),
]
