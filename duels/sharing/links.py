"""The public link to the result of a duel: made after the vote, signed for what it shows, taken back at will.

A link holds a code of its own and what it shows, signed together with the site's key. Its code is not the
duel's, so it opens nothing else; who has the link without the texts cannot make the one that shows them; and
once it is taken back, its code is gone: the next link of the same duel is another.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from duels.lifecycle import InvalidState
from duels.models import Duel, Share

SALT = "duels.sharing.links"
SEPARATOR = "."  # neither in a code nor in a signature


class LinkScope(StrEnum):
    """What a link was signed for."""

    RESULT = "result"
    TEXT = "text"


class LinkNotFound(LookupError):
    """Nobody here made this link, or it was taken back."""


@dataclass(frozen=True, slots=True)
class ResolvedLink:
    """The duel behind a link, and whether its texts may be read."""

    duel: Duel
    with_text: bool


@dataclass(frozen=True, slots=True)
class ShareView:
    """The fold « Partager »: no path while nothing is shared."""

    path: str
    with_text: bool


def create_link(duel: Duel, with_text: bool) -> Share:
    """Create the duel's link, or change whether it shows the texts. Raises InvalidState before the vote."""
    if not duel.is_revealed:
        raise InvalidState
    return Share.objects.update_or_create(duel=duel, defaults={"with_text": with_text})[0]


def revoke(duel: Duel) -> None:
    """Ends the link for good, in every form it had."""
    Share.objects.filter(duel=duel).delete()


def share_view(duel: Duel) -> ShareView:
    """The fold as the duel's visitor sees it."""
    share: Share | None = getattr(duel, "share", None)
    return ShareView(url_for(share), share.with_text) if share else ShareView("", with_text=False)


def url_for(share: Share) -> str:
    """The link as its visitor hands it on, without the site's name."""
    return reverse("duels:result", args=[sign(share)])


def sign(share: Share) -> str:
    """What the link holds: code, what it shows, signature."""
    shows = LinkScope.TEXT if share.with_text else LinkScope.RESULT
    return _signer().sign(f"{share.code}{SEPARATOR}{shows}")


def resolve(token: str) -> ResolvedLink:
    """The duel of a link; raises NoSuchLink.

    Texts are shown where the link was signed for them and their visitor still shows them: an older link
    neither opens them when they are added, nor keeps them open when they are taken out.
    """
    try:
        code, _, shows = _signer().unsign(token).partition(SEPARATOR)
        share = Share.objects.select_related("duel__vote").get(code=code)
    except (BadSignature, Share.DoesNotExist):
        raise LinkNotFound from None
    return ResolvedLink(share.duel, with_text=share.with_text and shows == LinkScope.TEXT)


def _signer() -> Signer:
    """Signs with the key of the day; what the keys before it signed (SECRET_KEY_FALLBACKS) stays valid."""
    return Signer(salt=SALT, sep=SEPARATOR)
