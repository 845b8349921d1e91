"""`{% page_title %}…{% endpage_title %}`: the title of a page, for its tab and for shared links."""

from django import template
from django.conf import settings
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_block_tag
def page_title(content: SafeString) -> SafeString:
    """Render <title> with the name of the site, and og:title, beside which messengers show og:site_name."""
    name = conditional_escape(settings.SITE_NAME)
    whole = mark_safe(f"{content} – {name}" if content else name)  # escaped by its block
    alone = mark_safe((content or name).replace('"', "&quot;"))
    return format_html('<title>{}</title>\n  <meta property="og:title" content="{}">', whole, alone)
