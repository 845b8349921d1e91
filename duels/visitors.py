"""A visitor is the hash of a random token in a cookie; no name and no address is stored."""

import hashlib
import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# With __Host-, browsers take it over https alone, and from no other site of the domain (RFC 6265bis).
OLDER_COOKIE = "visitor"
COOKIE = f"__Host-{OLDER_COOKIE}" if settings.SESSION_COOKIE_SECURE else OLDER_COOKIE
TOKEN = re.compile(r"[\w-]{32}", re.ASCII)


def new_token() -> str:
    """192 random bits, as 32 characters that a cookie may hold."""
    return secrets.token_urlsafe(24)


def visitor_of(request: HttpRequest) -> str | None:
    """The hash of the token in the cookie; None before a first duel, as reading pages sets no cookie."""
    token = token_of(request)
    return hash_token(token) if token else None


def token_of(request: HttpRequest) -> str:
    """The token of this browser; empty without one. Each new duel gives an older cookie its new name."""
    token = request.COOKIES.get(COOKIE) or request.COOKIES.get(OLDER_COOKIE, "")
    return token if TOKEN.fullmatch(token) else ""


def hash_token(token: str) -> str:
    """The hash stored in place of the token, which alone opens the visitor's duels.

    Unkeyed: 192 random bits cannot be guessed, and duels survive a change of SECRET_KEY.
    """
    return hashlib.sha256(f"duels.visitor:{token}".encode()).hexdigest()


def get_or_create_token(request: HttpRequest) -> str:
    """The token of this browser, or a new one for its first duel."""
    return token_of(request) or new_token()


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
    for name in {COOKIE, OLDER_COOKIE}:
        response.delete_cookie(name, samesite="Lax")
