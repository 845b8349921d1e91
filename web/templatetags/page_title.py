"""`{% page_title %}…{% endpage_title %}`: the title of a page, for its tab and its shared link."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

SITE = " – Conso Duel"  # a messenger names the site beside the title


@register.simple_block_tag
def page_title(content: SafeString) -> SafeString:
    """Both tags, from one text."""
    alone = mark_safe(content.removesuffix(SITE).replace('"', "&quot;"))  # escaped by its block
    return format_html('<title>{}</title>\n  <meta property="og:title" content="{}">', content, alone)
