"""Markdown of a model as safe HTML: what a model writes is hostile until it has been through here."""

from functools import cache

import nh3
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

TAGS = {
    "p", "br", "hr", "strong", "em", "s", "blockquote", "ul", "ol", "li", "code", "pre", "span", "div", "a",
    "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "code": {"class"}, "span": {"class"}}
SCHEMES = {"http", "https", "mailto"}
LONGEST_HIGHLIGHT = 20_000  # characters of one block; colours are not worth a second of a worker


def to_html(text: str) -> str:
    """Sanitised HTML: no raw HTML, image, script or style of the model survives; links lead out, plainly."""
    return nh3.clean(
        _renderer().render(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )


@cache
def _renderer() -> MarkdownIt:
    renderer = MarkdownIt("commonmark", {"html": False, "breaks": True, "highlight": _colour})
    renderer.enable(["table", "strikethrough"]).disable(["image"])
    renderer.add_render_rule("heading_open", _lower_heading)
    renderer.add_render_rule("heading_close", _lower_heading)
    return renderer


def _lower_heading(renderer, tokens, index, options, env):  # type: ignore[no-untyped-def]
    """The page has its own h1 and h2: those of an answer start at h3."""
    tokens[index].tag = f"h{min(int(tokens[index].tag[1]) + 2, 6)}"
    return renderer.renderToken(tokens, index, options, env)


def _colour(code: str, language: str, _attributes: str) -> str:
    """The code with a span per syntactic element, or nothing, which leaves it plain."""
    if len(code) > LONGEST_HIGHLIGHT:
        return ""
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return ""
    return highlight(code, lexer, HtmlFormatter(nowrap=True))
