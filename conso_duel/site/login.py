"""The login of curators: name and password, then a code where the account has a second factor."""

import unicodedata
from http import HTTPStatus

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from conso_duel.site import second_factor
from conso_duel.site.attempts import AttemptLimits, consume_attempt, refusal, reset_attempts
from conso_duel.site.code_step import await_code
from web.rate_limit import RateLimit

ATTEMPTS = RateLimit("login", 10, 15 * 60)
PASSWORDS = AttemptLimits(
    ATTEMPTS, RateLimit("login-address", 60, 3_600), RateLimit("login-name", 200, 86_400)
)


class CodeDue(Exception):
    """The password is right, and the session opens only after a code."""

    def __init__(self, user: User) -> None:
        super().__init__()
        self.user = user


class PasswordForm(AdminAuthenticationForm):
    """The admin's own, which lets nobody in who has a second factor."""

    def confirm_login_allowed(self, user: User) -> None:
        """Raise CodeDue in place of what would open the session."""
        super().confirm_login_allowed(user)
        if second_factor.is_active(user):
            raise CodeDue(user)


def login(request: HttpRequest) -> HttpResponse:
    """The admin's own page; 429 after too many wrong passwords."""
    if request.method != "POST":
        return admin.site.login(request)
    charges = PASSWORDS.charges(request, normalised(request.POST.get("username", "")))
    # Without Valkey they come in too: that is when curators are needed most.
    if exceeded := consume_attempt(charges):
        return too_many_attempts(request, exceeded.wait_seconds)
    try:
        response = admin.site.login(request)
    except CodeDue as due:
        await_code(request, due.user)
        response = redirect("login-code")
    if response.status_code == HTTPStatus.FOUND:
        reset_attempts(charges[0])
    return response


def normalised(name: str) -> str:
    """The same text for every way to write a name that the form takes for one: Django trims it and reads
    full-width letters as plain ones. Case and all spaces are left out as well: a wider limit costs nobody."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(folded.split())


def too_many_attempts(request: HttpRequest, wait_seconds: int) -> HttpResponse:
    """A page that says when to try again."""
    sentence = _(
        "Trop de mots de passe ont été essayés. Revenez %(when)s. "
        "Si vous avez oublié le vôtre, l’éditeur du site peut en choisir un autre."
    )
    return refusal(request, sentence, wait_seconds)
