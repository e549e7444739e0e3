"""What an operator does on a list, and somebody who may do less."""

from __future__ import annotations

from django.contrib.auth.models import Permission, User
from django.test import Client


def choose(client: Client, page: str, action: str, *rows, **fields: str):
    """Choose rows and an action; the answer."""
    form = {"action": action, "_selected_action": [row.pk for row in rows], **fields}
    answer = client.post(page, form, follow=True)
    assert answer.status_code == 200
    return answer


def act(client: Client, page: str, action: str, *rows, **fields: str) -> list[str]:
    """Choose rows and an action; what the page says afterwards."""
    answer = choose(client, page, action, *rows, **fields)
    return [str(message) for message in answer.context["messages"]]


def log_in_with(*permissions: str) -> Client:
    user = User.objects.create_user("helper", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client
