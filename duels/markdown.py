"""Markdown of a model as safe HTML: what a model writes is hostile until it has been through here."""

import time
from collections.abc import Iterator
from functools import cache
from html import escape
from typing import TypeVar

import nh3
import pygments
from markdown_it import MarkdownIt
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

TAGS = {
    "p", "br", "hr", "strong", "em", "s", "blockquote", "ul", "ol", "li", "code", "pre", "span", "a",
    "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}, "span": {"class"}}
SCROLLS = {"tabindex": "0"}  # what may be wider than its card is reached, and scrolled, with the keyboard
SCHEMES = {"http", "https", "mailto"}
LEADS_OUT = ("http://", "https://", "mailto:")  # "http:vote" and "//host" are read relative to our own page

# Pygments reads code with regular expressions: a few thousand characters lead some of its 500 languages into
# minutes of work. These come back soon from every token, whatever they read (tests/duels/test_markdown.py).
LANGUAGES = {
    "bash", "sh", "shell", "zsh", "c", "cpp", "c++", "csharp", "c#", "cs", "css", "scss", "dart",
    "diff", "docker", "dockerfile", "elixir", "erlang", "go", "golang", "graphql", "haskell", "html",
    "java", "javascript", "js", "json", "jsx", "julia", "kotlin", "latex", "tex", "lua", "makefile",
    "markdown", "md", "objective-c", "perl", "php", "powershell", "python", "py", "python3", "pycon",
    "r", "ruby", "rb", "rust", "rs", "scala", "sql", "postgresql", "mysql", "swift", "toml",
    "typescript", "ts", "tsx", "vue", "xml", "yaml", "yml",
}  # fmt: skip
COLOUR_SECONDS = 0.5  # of one answer, in time of the processor; what is left after that stays plain
Item = TypeVar("Item")


def to_html(text: str) -> str:
    """Sanitised HTML: no raw HTML, image, script or style of the model survives; links lead out, plainly."""
    if not text:  # as every answer begins
        return ""
    return nh3.clean(
        _renderer().render(text, {"colour_until": time.thread_time() + COLOUR_SECONDS, "outline": []}),
        tags=TAGS,
        attributes=ATTRIBUTES,
        set_tag_attribute_values={"pre": SCROLLS, "table": SCROLLS},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )


@cache
def _renderer() -> MarkdownIt:
    renderer = MarkdownIt("commonmark", {"html": False, "breaks": True})
    renderer.validateLink = _leads_out  # type: ignore[method-assign]
    renderer.enable(["table", "strikethrough"]).disable(["image"])
    renderer.add_render_rule("heading_open", _place_heading)
    renderer.add_render_rule("heading_close", _place_heading)
    renderer.add_render_rule("fence", _fence)
    return renderer


def _leads_out(url: str) -> bool:
    return url.lower().startswith(LEADS_OUT)


def _place_heading(renderer, tokens, index, options, env):  # type: ignore[no-untyped-def]
    """The card has an h3: the headings of its answer follow without a gap, whatever their levels."""
    token = tokens[index]
    if token.type == "heading_open":
        env["outline"] = [level for level in env["outline"] if level < token.tag] + [token.tag]
    token.tag = f"h{min(3 + len(env['outline']), 6)}"
    return renderer.renderToken(tokens, index, options, env)


def _fence(renderer, tokens, index, options, env):  # type: ignore[no-untyped-def]
    """A block of code, coloured where its language is known and time is left."""
    language = (tokens[index].info.split() or [""])[0].lower()
    code = tokens[index].content
    try:
        html = _coloured(code, language, env["colour_until"]) if language in LANGUAGES else escape(code)
    except TimeoutError:
        html = escape(code)
    return f"<pre><code>{html}</code></pre>\n"


def _coloured(code: str, language: str, until: float) -> str:
    """The code with a span per syntactic element. Raises TimeoutError."""
    lexer = get_lexer_by_name(language, stripnl=False)
    return pygments.format(_in_time(lexer.get_tokens(code), until), HtmlFormatter(nowrap=True))


def _in_time(items: Iterator[Item], until: float) -> Iterator[Item]:
    """The same items. Raises TimeoutError once this thread has computed for too long."""
    for item in items:
        if time.thread_time() > until:
            raise TimeoutError
        yield item
