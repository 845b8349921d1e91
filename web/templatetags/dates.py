"""A `|date` filter that replaces Django's in every template, for the French « 1er novembre »."""

from typing import Any

from django import template
from django.template import defaultfilters

from web.formatting import with_ordinal

register = template.Library()


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, form: str | None = None) -> str:
    """Django's filter, with the first of a month as an ordinal."""
    return with_ordinal(defaultfilters.date(value, form))
