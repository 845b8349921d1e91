"""The public link to the result of a duel: created after the vote, signed, revocable.

Its token holds a code of its own and a scope, signed together with SECRET_KEY. The code is not the duel's, so
it opens nothing else; a link without the texts cannot be turned into one with them; and a revoked code is
deleted: the next link of the same duel has another.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from duels.lifecycle import InvalidState, lock_duel
from duels.models import Duel, Share

SALT = "duels.sharing.links"
SEPARATOR = "."  # neither in a code nor in a signature


class LinkScope(StrEnum):
    """The parts of a duel that a link may show."""

    RESULT = "result"
    TEXT = "text"


class LinkNotFound(LookupError):
    """The token was not signed here, or its link was revoked."""


@dataclass(frozen=True, slots=True)
class ResolvedLink:
    """The duel of a link, and whether its texts may be shown."""

    duel: Duel
    with_text: bool


@dataclass(frozen=True, slots=True)
class ShareView:
    """The form « Partager »; path is empty while nothing is shared."""

    path: str
    with_text: bool


@transaction.atomic
def create_link(duel: Duel, with_text: bool) -> Share:
    """Create the duel's link, or change whether it shows the texts. Raises InvalidState before the vote."""
    if not lock_duel(duel).is_revealed:
        raise InvalidState
    return Share.objects.update_or_create(duel=duel, defaults={"with_text": with_text})[0]


def revoke(duel: Duel) -> None:
    """Revoke the link, in both scopes, for good."""
    Share.objects.filter(duel=duel).delete()


@transaction.atomic
def agree_to_open_data(duel: Duel, agreed: bool) -> None:
    """Let the open data hold the texts, or no longer. Raises InvalidState before the vote."""
    if not lock_duel(duel).is_revealed:
        raise InvalidState
    Duel.objects.filter(pk=duel.pk).update(texts_in_open_data=agreed)


def share_view(duel: Duel) -> ShareView:
    share: Share | None = getattr(duel, "share", None)
    return ShareView(url_for(share), share.with_text) if share else ShareView("", with_text=False)


def url_for(share: Share) -> str:
    """The path of the link, without the host."""
    return reverse("duels:result", args=[sign(share)])


def sign(share: Share) -> str:
    """The token: code, scope, signature."""
    scope = LinkScope.TEXT if share.with_text else LinkScope.RESULT
    return _signer().sign(f"{share.code}{SEPARATOR}{scope}")


def resolve(token: str) -> ResolvedLink:
    """The duel of a token. Raises LinkNotFound.

    Texts are shown where the token was signed for them and the visitor still shares them: an older link
    neither gains them when they are shared later, nor keeps them once they are withdrawn.
    """
    try:
        code, _, scope = _signer().unsign(token).partition(SEPARATOR)
        share = Share.objects.select_related("duel__vote").get(code=code)
    except (BadSignature, Share.DoesNotExist):
        raise LinkNotFound from None
    return ResolvedLink(share.duel, with_text=share.with_text and scope == LinkScope.TEXT)


def _signer() -> Signer:
    """Signatures of earlier keys (SECRET_KEY_FALLBACKS) stay valid."""
    return Signer(salt=SALT, sep=SEPARATOR)
