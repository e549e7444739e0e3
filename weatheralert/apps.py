"""Makes the Celery app exist in every Django process, so that tasks can be queued from anywhere."""

from importlib import import_module

from django.apps import AppConfig


class WiringConfig(AppConfig):
    name = "weatheralert"

    def ready(self) -> None:
        import_module("weatheralert.celery")
