"""`|date` in place of Django's own, in every template: French has its « 1er novembre »."""

from typing import Any

from django import template
from django.template import defaultfilters

from web.formatting import with_ordinal

register = template.Library()


@register.filter("date", expects_localtime=True, is_safe=False)
def written(value: Any, form: str | None = None) -> str:
    """What Django's filter makes of the date, the first of a month set right."""
    return with_ordinal(defaultfilters.date(value, form))
