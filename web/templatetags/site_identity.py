"""Tells the name that a site gives itself, and its logo; both from the settings, in every template."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def site_name() -> str:
    return str(settings.SITE_NAME)


@register.simple_tag
def has_site_logo() -> bool:
    return settings.SITE_LOGO is not None
