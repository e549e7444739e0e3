"""What Django loads first: the Celery app, so that tasks can be queued from anywhere; the admin."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class WiringConfig(AppConfig):
    name = "weatheralert"

    def ready(self) -> None:
        import_module("weatheralert.celery")
        import_module("weatheralert.checks")


class OperationConfig(AdminConfig):
    default_site = "weatheralert.admin_site.OperationSite"
