"""`{% glossary %}… [jetons](token) …{% endglossary %}`: links from words to the glossary."""

import re

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from learn.glossary import TERMS_BY_KEY

register = template.Library()

MARKED = re.compile(r"\[([^\[\]]+)\]\(([a-z-]+)\)")


@register.simple_block_tag(name="glossary")
def glossary(content: SafeString) -> SafeString:
    """Replace each `[words](term)` by a link to the glossary; raises KeyError for an unknown term."""
    return mark_safe(MARKED.sub(_link, content))  # a template's own words, already escaped


def _link(match: re.Match[str]) -> str:
    words, key = match.groups()
    address = f"{reverse('learn:glossary')}#{TERMS_BY_KEY[key].key}"
    shown = mark_safe(words)
    return format_html(
        '<a class="gloss" href="{}" title="{}">{}</a>', address, str(TERMS_BY_KEY[key].meaning), shown
    )
