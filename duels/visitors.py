"""Who a visitor is: the hash of a random word in a cookie; no name, and no address is kept."""

import hashlib
import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

COOKIE = "visitor"
TOKEN = re.compile(r"[\w-]{32}", re.ASCII)


def new_token() -> str:
    """192 random bits, as 32 characters that may stand in a cookie."""
    return secrets.token_urlsafe(24)


def visitor_of(request: HttpRequest) -> str | None:
    """The visitor's hash, or None before a first duel: reading pages sets no cookie."""
    word = request.COOKIES.get(COOKIE, "")
    return hash_token(word) if TOKEN.fullmatch(word) else None


def hash_token(word: str) -> str:
    """What is stored in place of the word, which alone opens the visitor's duels.

    Without a key: nobody guesses 192 random bits, and a site that changes its key loses nobody's duels.
    """
    return hashlib.sha256(f"duels.visitor:{word}".encode()).hexdigest()


def get_or_create_token(request: HttpRequest) -> str:
    """The word that a new duel belongs to: the one of this browser, or its first."""
    word = request.COOKIES.get(COOKIE, "")
    return word if TOKEN.fullmatch(word) else new_token()


def set_cookie(response: HttpResponseBase, word: str) -> None:
    """Leaves the word in the browser, out of the reach of scripts; each new duel makes it last longer.

    A cookie of its own, not a session of the database: each page of a duel asks who reads.
    """
    response.set_cookie(
        COOKIE,
        word,
        max_age=settings.VISITOR_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def clear_cookie(response: HttpResponseBase) -> None:
    """Takes the word back: the browser is nobody's again."""
    response.delete_cookie(COOKIE, samesite="Lax")
