"""`{% laid_out_once %}`: an include that is kept, for parts of pages that say the same to everybody."""

from collections.abc import Hashable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

KEPT = 4_096  # parts of one or two kilobytes, such as the lines of a table


@register.simple_tag
def laid_out_once(template_name: str, **values: Hashable) -> SafeString:
    """The part that these values make, from memory when they have been laid out before in this language.

    values: plain ones and frozen dataclasses of them. A row of the database equals itself whatever it says by
    now: it would keep its former words, unless it is one that is never written again.
    """
    return _laid_out(template_name, get_language(), **values)


@lru_cache(maxsize=KEPT)
def _laid_out(template_name: str, language: str, **values: Hashable) -> SafeString:
    return render_to_string(template_name, values)
