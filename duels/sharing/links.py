"""The public link to the result of a duel: made after the vote, signed for what it shows, taken back at will.

A link holds a code of its own and what it shows, signed together with the site's key. Its code is not the
duel's, so it opens nothing else; who has the link without the texts cannot make the one that shows them; and
once it is taken back, its code is gone: the next link of the same duel is another.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from duels.lifecycle import NotNow
from duels.models import Duel, Share

SALT = "duels.sharing.links"
SEPARATOR = "."  # neither in a code nor in a signature


class Shows(StrEnum):
    """What a link was signed for."""

    RESULT = "result"
    TEXT = "text"


class NoSuchLink(LookupError):
    """Nobody here made this link, or it was taken back."""


@dataclass(frozen=True, slots=True)
class Followed:
    """The duel behind a link, and whether its texts may be read."""

    duel: Duel
    with_text: bool


@dataclass(frozen=True, slots=True)
class ShareCard:
    """The fold « Partager »: no path while nothing is shared."""

    path: str
    with_text: bool


def share(duel: Duel, with_text: bool) -> Share:
    """The one share of this duel, which from now on shows its texts or not. Raises NotNow before the vote."""
    if not duel.is_revealed:
        raise NotNow
    return Share.objects.update_or_create(duel=duel, defaults={"with_text": with_text})[0]


def withdraw(duel: Duel) -> None:
    """Ends the link for good, in every form it had."""
    Share.objects.filter(duel=duel).delete()


def share_card(duel: Duel) -> ShareCard:
    """The fold as the duel's visitor sees it."""
    share: Share | None = getattr(duel, "share", None)
    return ShareCard(path_of(share), share.with_text) if share else ShareCard("", with_text=False)


def path_of(share: Share) -> str:
    """The link as its visitor hands it on, without the site's name."""
    return reverse("duels:result", args=[token_of(share)])


def token_of(share: Share) -> str:
    """What the link holds: code, what it shows, signature."""
    shows = Shows.TEXT if share.with_text else Shows.RESULT
    return _signer().sign(f"{share.code}{SEPARATOR}{shows}")


def follow(token: str) -> Followed:
    """The duel of a link; raises NoSuchLink.

    Texts are shown where the link was signed for them and their visitor still shows them: an older link
    neither opens them when they are added, nor keeps them open when they are taken out.
    """
    try:
        code, _, shows = _signer().unsign(token).partition(SEPARATOR)
        share = Share.objects.select_related("duel__vote").get(code=code)
    except (BadSignature, Share.DoesNotExist):
        raise NoSuchLink from None
    return Followed(share.duel, with_text=share.with_text and shows == Shows.TEXT)


def _signer() -> Signer:
    """Signs with the key of the day; what the keys before it signed (SECRET_KEY_FALLBACKS) stays valid."""
    return Signer(salt=SALT, sep=SEPARATOR)
