"""What Django loads first: the Celery app, so that tasks can be queued from anywhere; the admin."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core.checks import CheckMessage, Tags, register


class WiringConfig(AppConfig):
    name = "weatheralert"

    def ready(self) -> None:
        import_module("weatheralert.celery")
        import_module("weatheralert.checks")


class OperationConfig(SimpleAdminConfig):
    """The tables' pages come with the site's addresses (urls.py): the worker, which has none, lacks them."""

    default_site = "weatheralert.admin_site.OperationSite"

    def ready(self) -> None:
        """As Django's, whose check would find no pages where no address was asked for before it."""
        register(check_dependencies, Tags.admin)
        register(check_pages, Tags.admin)


def check_pages(**words: Any) -> list[CheckMessage]:
    """`manage.py check` looks at the tables' pages, too."""
    admin.autodiscover()
    return check_admin_app(**words)
