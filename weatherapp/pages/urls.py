"""The pages' addresses."""

from django.urls import path

from weatherapp.operations.health import health
from weatherapp.pages import subscription_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("places/<int:pk>/", views.place, name="place"),
    path("places/<int:pk>/subscribe", subscription_views.subscribe, name="subscribe"),
    path("places/<int:pk>/subscribed", subscription_views.subscribed, name="subscribed"),
    path("alerts/<int:pk>/", views.alert, name="alert"),
    path("subscriptions/<str:token>/confirm", subscription_views.confirm, name="confirm"),
    path(
        "subscriptions/<str:token>/unsubscribe",
        subscription_views.unsubscribe,
        name="unsubscribe",
    ),
    path("health", health, name="health"),
]
