"""« Double authentification », where curators set up their second factor or remove it."""

import django_otp
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from conso_duel.site import second_factor
from conso_duel.site.code_step import CodeForm, limits_codes
from web.qr_code import draw_qr


@limits_codes
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """How to remove it where there is one, else how to set it up; each takes a code."""
    return _removal(request) if second_factor.is_active(request.user) else _set_up(request)


def _set_up(request: HttpRequest) -> HttpResponse:
    """The key as QR code and as text; after a right code, the recovery codes, once."""
    form = CodeForm(request, request.user, second_factor.confirm)
    if form.is_valid():
        django_otp.login(request, form.accepted)
        return _page(request, recovery_codes=second_factor.renew_recovery_codes(request.user))
    device = second_factor.device_to_confirm(request.user)
    return _page(request, form=form, qr=draw_qr(device.config_url), key=second_factor.readable_key(device))


def _removal(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request, request.user, second_factor.verify)
    if form.is_valid():
        second_factor.remove(request.user)
        messages.success(request, _("La double authentification est retirée."))
        return redirect("second-factor")
    return _page(request, form=form, codes_left=second_factor.recovery_codes_left(request.user))


def _page(request: HttpRequest, **facts: object) -> HttpResponse:
    frame = admin.site.each_context(request) | {"is_nav_sidebar_enabled": False}
    title = _("Double authentification")
    return render(request, "admin/second_factor.html", {**frame, "title": title, **facts})
