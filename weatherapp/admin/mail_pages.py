"""A mail as its reader sees it: text in the page, and its HTML in a frame in which nothing runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.http import HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin

View = Callable[..., HttpResponse]

# Mails carry their styles with them, and nothing else: no script, no picture, no form, no request.
_MAIL_POLICY: dict[str, Any] = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "frame-ancestors": [SELF],
    "form-action": [NONE],
    "base-uri": [NONE],
    "sandbox": True,
}


def may_frame_mails(view: View) -> View:
    """For a page in which mails are shown in frames."""
    return cast(View, csp_update({"frame-src": [SELF]})(view))


def framed(view: View) -> View:
    """For a view that answers with the HTML of a mail: this site alone may frame it."""
    return cast(View, csp(_MAIL_POLICY)(xframe_options_sameorigin(view)))
