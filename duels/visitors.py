"""A visitor is the hash of a random token in a cookie; no name and no address is stored."""

import hashlib
import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

COOKIE = "visitor"
TOKEN = re.compile(r"[\w-]{32}", re.ASCII)


def new_token() -> str:
    """192 random bits, as 32 characters that a cookie may hold."""
    return secrets.token_urlsafe(24)


def visitor_of(request: HttpRequest) -> str | None:
    """The hash of the token in the cookie; None before a first duel, as reading pages sets no cookie."""
    token = request.COOKIES.get(COOKIE, "")
    return hash_token(token) if TOKEN.fullmatch(token) else None


def hash_token(token: str) -> str:
    """The hash stored in place of the token, which alone opens the visitor's duels.

    Unkeyed: 192 random bits cannot be guessed, and duels survive a change of SECRET_KEY.
    """
    return hashlib.sha256(f"duels.visitor:{token}".encode()).hexdigest()


def get_or_create_token(request: HttpRequest) -> str:
    """The token of this browser, or a new one for its first duel."""
    token = request.COOKIES.get(COOKIE, "")
    return token if TOKEN.fullmatch(token) else new_token()


def set_cookie(response: HttpResponseBase, token: str) -> None:
    """Set the cookie, which scripts cannot read; each new duel renews it.

    Not a database session: every page of a duel would query it.
    """
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings.VISITOR_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def clear_cookie(response: HttpResponseBase) -> None:
    """Delete the cookie."""
    response.delete_cookie(COOKIE, samesite="Lax")
