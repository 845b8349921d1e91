"""Who a visitor is: a keyed hash of a random word in the session; no address, no name."""

import secrets

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

SESSION_FIELD = "visitor"


def visitor_of(request: HttpRequest) -> str | None:
    """The visitor's hash, or None before a first duel: reading pages sets no cookie."""
    word = request.session.get(SESSION_FIELD)
    return salted_hmac("duels.visitor", word, algorithm="sha256").hexdigest() if word else None


def welcome(request: HttpRequest) -> str:
    """The visitor's hash, with a new word in the session where there is none."""
    if SESSION_FIELD not in request.session:
        request.session[SESSION_FIELD] = secrets.token_urlsafe(24)
    visitor = visitor_of(request)
    assert visitor is not None
    return visitor
