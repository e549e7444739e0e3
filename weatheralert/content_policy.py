"""What a page of this site may load, and from where: from here, and nothing that is written into it."""

from __future__ import annotations

from typing import Any

from csp.constants import NONE, SELF


def make_policy() -> dict[str, Any]:
    """For django-csp."""
    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "script-src": [SELF],
            "style-src": [SELF],
            "img-src": [SELF, "data:"],  # data: the admin's icons in its style sheets
            "font-src": [SELF],
            "connect-src": [SELF],
            "manifest-src": [SELF],
            "worker-src": [SELF],
            "form-action": [SELF],
            "frame-ancestors": [NONE],
            "base-uri": [NONE],
        }
    }
