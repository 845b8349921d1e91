"""The second step of a login: the code that comes after the right password."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import django_otp
from django import forms
from django.contrib import admin, auth
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from conso_duel.site import second_factor
from conso_duel.site.attempts import AttemptLimits, consume_attempt, refusal, reset_attempts
from web.rate_limit import LimitExceeded, RateLimit

CODE_ATTEMPTS = RateLimit("login-code", 5, 15 * 60)
CODES = AttemptLimits(
    CODE_ATTEMPTS, RateLimit("login-code-address", 60, 3_600), RateLimit("login-code-name", 50, 86_400)
)
# Six digits could be guessed where nothing counts the guesses: without Valkey, none may be tried.
UNCOUNTED = LimitExceeded("login-code without Valkey", 60)
AWAITED, AWAITED_SECONDS = "awaited_code", 10 * 60
Page = Callable[[HttpRequest], HttpResponse]


class TooManyCodes(Exception):
    """No code may be tried for so long."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__()
        self.wait_seconds = wait_seconds


class CodeForm(forms.Form):
    """One code of this account; valid where `accept` takes it, whose answer is then `accepted`."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, request: HttpRequest, user: second_factor.Curator, accept: Callable[..., Any]) -> None:
        super().__init__(request.POST if request.method == "POST" else None)
        self._request, self._user, self._accept = request, user, accept
        self.accepted: Any = None

    def clean_code(self) -> str:
        """Try it, within the limits on wrong ones."""
        code: str = self.cleaned_data["code"]
        charges = CODES.charges(self._request, str(self._user.pk))
        if exceeded := consume_attempt(charges, UNCOUNTED):
            raise TooManyCodes(exceeded.wait_seconds)
        self.accepted = self._accept(self._user, code)
        if not self.accepted:
            raise ValidationError(_("Ce code n’est pas le bon, ou il a déjà servi."))
        reset_attempts(charges[0])
        return code


def limits_codes(page: Page) -> Page:
    """The page, or 429 after too many wrong codes."""

    @wraps(page)
    def limited(request: HttpRequest) -> HttpResponse:
        try:
            return page(request)
        except TooManyCodes as too_many:
            sentence = _(
                "Aucun code ne peut être essayé pour l’instant. Revenez %(when)s. Si vous n’avez plus ni "
                "votre téléphone ni vos codes de secours, l’éditeur du site peut retirer la double "
                "authentification de votre compte."
            )
            return refusal(request, sentence, too_many.wait_seconds)

    return limited


def await_code(request: HttpRequest, user: User) -> None:
    """Note in the session whose password was right, for a few minutes; nobody is logged in yet."""
    request.session[AWAITED] = {
        "user": user.pk,
        "password": user.get_session_auth_hash(),
        "until": time.time() + AWAITED_SECONDS,
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }


def _awaited_user(request: HttpRequest) -> User | None:
    """The user whose code this session awaits, unless the password has changed since."""
    awaited = request.session.get(AWAITED)
    if not awaited or awaited["until"] < time.time():
        return None
    user = User.objects.filter(pk=awaited["user"], is_active=True, is_staff=True).first()
    if not user or not constant_time_compare(user.get_session_auth_hash(), awaited["password"]):
        return None
    return user


@never_cache
@limits_codes
def code_step(request: HttpRequest) -> HttpResponse:
    """Asks for the code; the right one opens the session."""
    if not (user := _awaited_user(request)):
        return redirect("admin:login")
    form = CodeForm(request, user, second_factor.verify)
    if not form.is_valid():
        context = {**admin.site.each_context(request), "title": _("Votre code"), "form": form}
        return render(request, "admin/login_code.html", context)
    address = request.session.pop(AWAITED)["next"]
    auth.login(request, user)
    django_otp.login(request, form.accepted)
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return redirect(address if is_ours else "admin:index")
