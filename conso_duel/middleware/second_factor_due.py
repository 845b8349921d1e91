"""The admin opens to no session that owes a code, nor to who must set up a second factor first."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_otp.middleware import is_verified

from conso_duel.site import second_factor

ADMIN = "admin/"
BEFORE_SET_UP = ("second-factor", "admin:logout")


class SecondFactorMiddleware:
    """After OTPMiddleware, which knows the device that each session has been opened with."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Lead to the step that is due: a session from before the set-up begins again with the password."""
        match = request.resolver_match
        if not match or not match.route.startswith(ADMIN):
            return None
        if not request.user.is_staff or is_verified(request.user):
            return None
        if second_factor.is_active(request.user):
            logout(request)
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        if settings.SECOND_FACTOR_REQUIRED and match.view_name not in BEFORE_SET_UP:
            return redirect("second-factor")
        return None
