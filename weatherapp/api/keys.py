"""Who asks: by its key, or nobody in particular. No cookie counts here."""

from __future__ import annotations

from django.http import HttpRequest

from weatherapp.api.problems import ProblemError
from weatherapp.models import ApiKey

CHALLENGE = 'Bearer realm="API"'
NO_KEY = "This needs an API key, sent as `Authorization: Bearer <key>`."


def find_key(request: HttpRequest) -> ApiKey | None:
    """None where none is sent. Raises ProblemError for one that is not good."""
    sent = request.headers.get("Authorization", "")
    if not sent:
        return None
    scheme, _, key = sent.partition(" ")
    row = ApiKey.objects.find(key.strip()) if scheme.lower() == "bearer" else None
    if row is None:
        raise ProblemError(401, headers={"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'})
    return row


def check_scope(key: ApiKey | None, scope: str) -> None:
    """Raises ProblemError."""
    if not scope:
        return
    if key is None:
        headers = {"WWW-Authenticate": CHALLENGE}
        raise ProblemError(401, NO_KEY, code="key_needed", headers=headers)
    if not key.allows(scope):
        headers = {"WWW-Authenticate": f'{CHALLENGE}, error="insufficient_scope", scope="{scope}"'}
        detail = f"This key does not allow {scope}."
        raise ProblemError(403, detail, code="scope_needed", headers=headers)
