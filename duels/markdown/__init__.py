"""Markdown of a model as safe HTML: model output is hostile until it has been through here."""

import time
from functools import cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin
from mdit_py_plugins.subscript import sub_plugin
from mdit_py_plugins.superscript import superscript_plugin

from duels.markdown.code import COLOUR_SECONDS, to_coloured_html
from duels.markdown.marks import marks_plugin
from duels.markdown.math import math_plugin, to_mathml
from duels.markdown.source import repaired_parts

TAGS = {
    "p", "br", "hr", "strong", "em", "s", "sub", "sup", "blockquote", "ul", "ol", "li", "code", "pre", "span",
    "a", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
# MathML Core without what runs, links or embeds (maction, semantics, annotation-xml).
MATH_TAGS = {
    "math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup",
    "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts", "mpadded", "mphantom",
    "menclose", "mtable", "mtr", "mtd",
}  # fmt: skip
MATH_ATTRIBUTES = {
    "math": {"display", "alttext", "tabindex"},
    "mo": {
        "lspace", "rspace", "stretchy", "form", "fence", "separator", "minsize", "maxsize", "largeop",
        "movablelimits",
    },
    "mi": {"mathvariant"},
    "mspace": {"width", "height"},
    "mpadded": {"width", "height", "depth", "lspace", "voffset"},
    "mfrac": {"linethickness", "displaystyle"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "munderover": {"accent", "accentunder"},
    "menclose": {"notation"},
    "mtable": {"displaystyle", "scriptlevel"},
    "mrow": {"displaystyle", "scriptlevel"},
}  # fmt: skip
ATTRIBUTES: dict[str, set[str]] = {
    "*": set(), "a": {"href"}, "ol": {"start"}, "span": {"class"}, "code": {"dir"}, **MATH_ATTRIBUTES
}  # fmt: skip
CLASSES = {"mtd": {"left", "right"}, "mrow": {"boxed"}, "code": {"formula"}}
SCROLLS = {"tabindex": "0"}  # what may be wider than its card is reached, and scrolled, with the keyboard
SCHEMES = {"http", "https", "mailto"}
LEADS_OUT = ("http://", "https://", "mailto:")  # "http:vote" and "//host" are read relative to our own page


def to_html(text: str) -> str:
    """Sanitised HTML: no raw HTML, image, script or style of the model survives; links lead out, plainly.

    Formulas become MathML (math.py). marks.py and source.py read what models write beyond the standard.
    """
    if not text:  # as every answer begins
        return ""
    env = {"colour_until": time.thread_time() + COLOUR_SECONDS, "outline": []}
    return "".join([render(part, env) for part in repaired_parts(text)])


def render(source: str, env: dict[str, Any]) -> str:
    """Sanitised HTML of repaired Markdown.

    env: "colour_until" on the clock of this thread's processor time, "outline" the levels of the headings
    above; what the source defines for what follows it (references) is added.
    """
    return render_blocks(parse_blocks(source, env), env)


def parse_blocks(source: str, env: dict[str, Any]) -> list[Token]:
    """The blocks of repaired Markdown, their text not parsed yet; `map` of a token holds its lines."""
    renderer, tokens = _renderer(), list[Token]()
    normalized = source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    renderer.block.parse(normalized, renderer, env, tokens)
    return tokens


def render_blocks(tokens: list[Token], env: dict[str, Any]) -> str:
    """Sanitised HTML of whole blocks; `env` as for `render`."""
    renderer = _renderer()
    state = StateCore("", renderer, env, tokens)
    renderer.core.process(state)
    html = renderer.renderer.render(state.tokens, renderer.options, env)
    env.pop("footnotes", None)  # they stand in this part
    return _cleaner().clean(html)


@cache
def _cleaner() -> nh3.Cleaner:
    """The sanitiser; to make one takes five times as long as to clean an answer."""
    return nh3.Cleaner(
        tags=TAGS | MATH_TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        set_tag_attribute_values={"pre": SCROLLS, "table": SCROLLS},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )


@cache
def _renderer() -> MarkdownIt:
    renderer = MarkdownIt("commonmark", {"html": False, "breaks": True})
    renderer.validateLink = lambda url: url.lower().startswith(LEADS_OUT)  # type: ignore[method-assign]
    renderer.enable(["table", "strikethrough"])
    renderer.core.ruler.disable(["normalize", "block"])  # parse_blocks does both
    renderer.use(math_plugin).use(marks_plugin)
    renderer.use(sub_plugin).use(superscript_plugin).use(gfm_autolink_plugin).use(
        footnote_plugin, inline=False
    )
    for name, rule in RENDER_RULES.items():
        renderer.add_render_rule(name, rule)
    return renderer


def _heading(renderer, tokens, index, options, env):  # type: ignore[no-untyped-def]
    """The card has an h3: the headings of its answer follow without a gap, whatever their levels."""
    token = tokens[index]
    if token.type == "heading_open":
        env["outline"] = [level for level in env["outline"] if level < token.tag] + [token.tag]
    token.tag = f"h{min(3 + len(env['outline']), 6)}"
    return renderer.renderToken(tokens, index, options, env)


def _fence(renderer, tokens, index, options, env):  # type: ignore[no-untyped-def]
    """A block of code, its language given by the first word behind the fence; nothing where it holds none."""
    if not tokens[index].content.strip():
        return ""
    language = (tokens[index].info.split() or [""])[0].lower()
    if language == "math":
        return to_mathml(tokens[index].content, display=True)
    html = to_coloured_html(tokens[index].content, language, env["colour_until"])
    return f"<pre><code>{html}</code></pre>\n"


def _footnote_reference(renderer, tokens, index, options, env):  # type: ignore[no-untyped-def]
    """The number of a note, without a link: two answers on one page have notes of the same names."""
    return f"<sup>[{tokens[index].meta['id'] + 1}]</sup>"


RENDER_RULES = {
    "heading_open": _heading,
    "heading_close": _heading,
    "fence": _fence,
    "footnote_ref": _footnote_reference,
    "footnote_block_open": lambda *_: "<hr>\n<ol>\n",
    "footnote_block_close": lambda *_: "</ol>\n",
    "footnote_open": lambda *_: "<li>",
    "footnote_close": lambda *_: "</li>\n",
    "footnote_anchor": lambda *_: "",
}
