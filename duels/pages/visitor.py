"""The visitor who sends a request: their own duel, and how the limits count them."""

from django.conf import settings
from django.http import Http404
from django.middleware.csrf import get_token

from duels import queries
from duels.models import Duel
from duels.rate_limits import Requester
from duels.visitors import visitor_of
from duels.votes.vote_counting import Voter
from web.client_address import client_address_hash, client_network_hash, comes_from
from web.http import Request


def get_own_duel(request: Request, code: str) -> Duel:
    """The visitor's own duel with all its answers. Raises Http404 for any other."""
    duel = queries.load_own_duel(visitor_of(request), code)
    if duel is None:
        raise Http404
    return duel


def requester(request: Request) -> Requester:
    return Requester(visitor_of(request), client_address_hash(request), client_network_hash(request))


def voter_of(request: Request, visitor: str) -> Voter:
    """The voter of this request, as the count of votes needs it. visitor: whose duel it is."""
    return Voter(
        visitor,
        client_address_hash(request),
        client_network_hash(request),
        is_school=comes_from(request, settings.SCHOOL_NETWORKS),
    )


def duel_slots(request: Request, duel: Duel) -> dict[str, str]:
    """The slots of every cached part of a duel's page: one token for all, as each is masked at random."""
    return {"code": duel.code, "csrf_token": get_token(request)}
