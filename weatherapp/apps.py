"""Django's view of the package."""

from importlib import import_module

from django.apps import AppConfig


class WeatherappConfig(AppConfig):
    name = "weatherapp"
    verbose_name = "Weather alerts"

    def ready(self) -> None:
        import_module("weatherapp.checks")
