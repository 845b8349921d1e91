"""Fragments of a page through the page cache: `{% cached_include %}` and `{% cached_each %}`."""

from collections.abc import Hashable, Iterable

from django import template
from django.utils.safestring import SafeString

from web.page_cache import cached_fragment

register = template.Library()


@register.simple_tag
def cached_include(template_name: str, slots: str = "", **values: Hashable) -> SafeString:
    """One template with these values alone. slots: names of those that differ from reader to reader."""
    slot_values = {name: str(values.pop(name)) for name in slots.split()}
    return cached_fragment(template_name, tuple(values.items()), values, slot_values)


@register.simple_tag
def cached_each(template_name: str, name: str, items: Iterable[Hashable], **values: Hashable) -> SafeString:
    """One template after the other, its item under this name.

    An item is its own key, or has a property cache_key where it holds a row of the database.
    """
    others = tuple(values.items())
    fragments = [
        cached_fragment(template_name, (getattr(item, "cache_key", item), others), {name: item, **values})
        for item in items
    ]
    return SafeString("".join(fragments))
