"""Parts of a page that say the same to everybody, or nearly, are kept for the next reader."""

from collections.abc import Hashable, Iterable

from django import template
from django.utils.safestring import SafeString

from web.page_cache import cached_fragment

register = template.Library()


@register.simple_tag
def cached_each(template_name: str, name: str, items: Iterable[Hashable], **values: Hashable) -> SafeString:
    """One part after the other, each from memory if it has been laid out before in this language.

    name: what the template calls its item. items, values: plain ones and frozen dataclasses of them. A row of
    the database equals itself whatever it says by now: it would keep its former words, unless it is one that
    is never written again.
    """
    return SafeString(
        "".join([cached_fragment(template_name, {}, **{name: item}, **values) for item in items])
    )


@register.simple_tag
def cached_include(names: str, template_name: str, **values: Hashable) -> SafeString:
    """One part, kept for the same values but those of these names: words with spaces between (kept.py)."""
    own = {name: str(values.pop(name)) for name in names.split()}
    return cached_fragment(template_name, own, **values)
