"""`{% page_title %}…{% endpage_title %}`: the title of a page, for its tab and for shared links."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

SITE = " – Conso Duel"  # left out of og:title: messengers show og:site_name beside it


@register.simple_block_tag
def page_title(content: SafeString) -> SafeString:
    """Render <title> and og:title from one text."""
    without_site = mark_safe(content.removesuffix(SITE).replace('"', "&quot;"))  # escaped by its block
    return format_html('<title>{}</title>\n  <meta property="og:title" content="{}">', content, without_site)
