"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path

admin.autodiscover()  # once, and only in processes that answer

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("weatherapp.api.urls")),
    path("", include("weatherapp.pages.urls")),
]
