"""`{% page_title %}…{% endpage_title %}` and `{% page_description %}…{% endpage_description %}`.

What a page says of itself in its head: for its tab, for search engines, for shared links.
"""

import re

from django import template
from django.conf import settings
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()
LINE_ENDS = re.compile(r"[ \n]+")  # and the indents of a template; no-break spaces stay


@register.simple_block_tag
def page_title(content: SafeString) -> SafeString:
    """Render <title> with the name of the site, and og:title, beside which messengers show og:site_name."""
    name = conditional_escape(settings.SITE_NAME)
    whole = mark_safe(f"{content} – {name}" if content else name)  # escaped by its block
    alone = mark_safe((content or name).replace('"', "&quot;"))
    return format_html('<title>{}</title>\n  <meta property="og:title" content="{}">', whole, alone)


@register.simple_block_tag
def page_description(content: SafeString) -> SafeString:
    """Render the description, and og:description; where a page has none, the sentence of the site."""
    site = _(
        "Une question, deux IA anonymes : votez à l’aveugle, puis découvrez leur taille et l’énergie de "
        "chaque réponse."
    )
    words = LINE_ENDS.sub(" ", content.strip(" \n"))
    text = mark_safe(words.replace('"', "&quot;"))  # escaped by its block
    metas = '<meta name="description" content="{0}">\n  <meta property="og:description" content="{0}">'
    return format_html(metas, text or site)
