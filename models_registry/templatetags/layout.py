"""Parts of a page that say the same to everybody, or nearly, are kept for the next reader."""

from collections.abc import Hashable, Iterable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from models_registry.kept import KEPT_PARTS, kept_part

register = template.Library()


@register.simple_tag
def laid_out_once(template_name: str, name: str, items: Iterable[Hashable], **values: Hashable) -> SafeString:
    """One part after the other, each from memory if it has been laid out before in this language.

    name: what the template calls its item. items, values: plain ones and frozen dataclasses of them. A row of
    the database equals itself whatever it says by now: it would keep its former words, unless it is one that
    is never written again.
    """
    language = get_language()
    return SafeString("".join(_laid_out(template_name, language, **{name: item}, **values) for item in items))


@lru_cache(maxsize=KEPT_PARTS)
def _laid_out(template_name: str, language: str, **values: Hashable) -> SafeString:
    return render_to_string(template_name, values)


@register.simple_tag
def laid_out_but_for(names: str, template_name: str, **values: Hashable) -> SafeString:
    """One part, kept for the same values but those of these names: words with spaces between (kept.py)."""
    own = {name: str(values.pop(name)) for name in names.split()}
    return kept_part(template_name, own, **values)
