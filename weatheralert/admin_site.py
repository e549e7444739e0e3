"""The admin as this site has it: under its own name, behind a login that counts.

Not in weatherapp.admin: Django makes the site before it loads the tables' pages, and a module of
that package would load them into a site that is then made once more, empty.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache


class OperationSite(AdminSite):
    site_header = site_title = settings.SITE_NAME
    index_title = _("Operation")

    @method_decorator(never_cache)
    @login_not_required
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A page until something is posted; then each try counts."""
        # Not at the top: only the web process answers, and every process loads the admin.
        from weatherapp.admin.login.view import try_to_log_in

        show = super().login
        if request.method != "POST":
            return show(request, extra_context)
        return try_to_log_in(request, lambda request: show(request, extra_context))

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Above the list of tables: what needs attention."""
        # Not at the top, as in login().
        from weatherapp.admin.attention import read_attention

        attention = read_attention(request.user, timezone.now())
        return super().index(request, (extra_context or {}) | {"attention": attention})
