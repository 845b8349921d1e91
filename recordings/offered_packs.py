"""Packs of what is stored on this site."""

from collections.abc import Sequence

from recordings.models import Recording
from recordings.pack_format import Pack
from recordings.recorder import make_pack


def pack_of(recordings: Sequence[Recording]) -> Pack:
    """The pack of at least one recording; each licence and each maker is named."""
    titles, makers, licences = (
        list(dict.fromkeys(getattr(one, name) for one in recordings))
        for name in ("pack_title", "maker", "licence")
    )
    pack = make_pack([one.document for one in recordings], " · ".join(titles), " · ".join(makers))
    pack["licence"], pack["licence_url"] = " · ".join(licences), recordings[0].licence_url
    return pack
