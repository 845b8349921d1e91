"""{% qr_code address %}: the QR code of an address."""

from django import template

from web.qr_code import qr_svg

register = template.Library()
register.simple_tag(qr_svg, name="qr_code")
