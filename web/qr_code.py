"""QR codes of addresses."""

from functools import lru_cache

import segno
from django.utils.safestring import SafeString


def draw_qr(address: str) -> SafeString:
    """The QR code as inline SVG, dark on light whatever the theme; drawn by segno."""
    drawn = segno.make(address, error="m", micro=False)
    return SafeString(
        drawn.svg_inline(border=3, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)
    )


@lru_cache(maxsize=256)
def qr_svg(address: str) -> SafeString:
    """The same for an address that is no secret, drawn once."""
    return draw_qr(address)
