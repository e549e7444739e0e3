"""The local mail folder, for staff who may see deliveries: mails hold links that act."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from weatherapp.admin.mail_pages import framed, may_frame_mails
from weatherapp.delivery import mail_folder

SHOWN_MAILS = 200


@require_safe
@permission_required("weatherapp.view_delivery", raise_exception=True)
def show_folder(request: HttpRequest) -> HttpResponse:
    mails = mail_folder.list_mails(_folder(), limit=SHOWN_MAILS)
    context = {
        "title": gettext("Mails in the local folder"),
        "mails": mails,
        "shown_mails": SHOWN_MAILS,
    }
    return _render(request, "admin/mails.html", context)


@require_safe
@permission_required("weatherapp.view_delivery", raise_exception=True)
@may_frame_mails
def show_mail(request: HttpRequest, name: str) -> HttpResponse:
    context: dict[str, object] = {"title": gettext("Mail"), "mails": _read(name)}
    return _render(request, "admin/mail.html", context)


@framed
@require_safe
@permission_required("weatherapp.view_delivery", raise_exception=True)
def show_mail_html(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """What stands in the frame of one of the file's mails."""
    mails = _read(name)
    if number >= len(mails) or not mails[number].html:
        raise Http404("There is no such mail.")
    return HttpResponse(mails[number].html)


def _read(name: str) -> list[mail_folder.StoredMail]:
    try:
        return mail_folder.read_mails(_folder(), name)
    except mail_folder.MailNotFoundError as error:
        raise Http404("There is no such mail.") from error


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def _render(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    is_local = settings.EMAIL_BACKEND.endswith("private_folder.EmailBackend")
    return render(
        request, template, admin.site.each_context(request) | {"is_local": is_local} | context
    )
