"""Marks within a line beyond the standard: `<br>`, `<sub>`, `<sup>`, tight bold, tasks, images in words."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

BREAK = re.compile(r"<br\s{0,3}/?>", re.IGNORECASE)
SCRIPT = re.compile(r"<(sub|sup)\s{0,3}>", re.IGNORECASE)
MAX_SCRIPT_CHARACTERS = 200  # of an index or an exponent
MAX_ALT_CHARACTERS = 300
# Behind the words of an image: its address and title, or the name of one given elsewhere.
ADDRESS = re.compile(r"\((?:[^()]|\([^()]{0,300}\)){0,2000}\)|\[[^\[\]]{0,300}\]")
# Of one paragraph or cell. Beyond, its marks stay as they are written: the rules for links look back over all
# that stands before a colon, and their time grows with the square of the length.
MAX_INLINE_CHARACTERS = 4_000
TASK = re.compile(r"\[([ xX])\] ")
BOXES = {" ": "☐ ", "x": "☑ ", "X": "☑ "}


def marks_plugin(markdown: MarkdownIt) -> None:
    """Teach a renderer these marks."""
    markdown.core.ruler.at("inline", _parse_inline)
    markdown.inline.ruler.before("autolink", "tags", _tag_rule)
    markdown.inline.ruler.at("image", _image_rule)
    markdown.inline.ruler.at("emphasis", _emphasis_rule)
    markdown.core.ruler.after("inline", "tasks", _draw_boxes)


def _parse_inline(state: StateCore) -> None:
    """Parse the marks within each block, unless it is longer than a paragraph can be."""
    for token in state.tokens:
        if token.type == "inline":
            token.children = token.children or []
            if len(token.content) <= MAX_INLINE_CHARACTERS:
                state.md.inline.parse(token.content, state.md, state.env, token.children)
            else:
                token.children += _plain_lines(token.content)


def _plain_lines(text: str) -> Iterator[Token]:
    """The lines as text, with a break between two."""
    for number, line in enumerate(text.split("\n")):
        if number:
            yield Token("hardbreak", "br", 0)
        yield Token("text", "", 0, content=line)


def _tag_rule(state: StateInline, silent: bool) -> bool:
    """`<br>`, and a pair of `<sub>` or `<sup>`; any other tag stays text."""
    if state.src[state.pos] != "<":
        return False
    if line_break := BREAK.match(state.src, state.pos, state.posMax):
        if not silent:
            state.push("hardbreak", "br", 0)
        state.pos = line_break.end()
        return True
    opening = SCRIPT.match(state.src, state.pos, state.posMax)
    if not opening:
        return False
    limit = min(state.posMax, opening.end() + MAX_SCRIPT_CHARACTERS)
    closing = re.compile(rf"</{opening[1]}\s{{0,3}}>", re.IGNORECASE).search(state.src, opening.end(), limit)
    if not closing:
        return False
    if not silent:
        _push_pair(state, opening[1].lower(), opening.end(), closing.start())
    state.pos = closing.end()
    return True


def _push_pair(state: StateInline, tag: str, start: int, end: int) -> None:
    """The tag around what it holds, which may be marked up itself."""
    state.push(f"{tag}_open", tag, 1)
    limit = state.posMax
    state.pos, state.posMax = start, end
    state.md.inline.tokenize(state)
    state.posMax = limit
    state.push(f"{tag}_close", tag, -1)


def _image_rule(state: StateInline, silent: bool) -> bool:
    """An image in words, `[image : …]`, wherever it lies: nothing is loaded from where a model says."""
    start, limit = state.pos, state.posMax
    if not state.src.startswith("![", start):
        return False
    alt_end = state.src.find("]", start, min(limit, start + MAX_ALT_CHARACTERS))
    address = ADDRESS.match(state.src, alt_end + 1, limit) if alt_end >= 0 else None
    if not address:
        return False
    if not silent:
        alt = " ".join(state.src[start + 2 : alt_end].split())
        state.push("text", "", 0).content = f"[image : {alt}]" if alt else "[image]"
    state.pos = address.end()
    return True


def _emphasis_rule(state: StateInline, silent: bool) -> bool:
    """Marks of emphasis; two or three stars open before any sign and close behind any, punctuation included.

    The standard wants a space between `**Attention :**` and the next word, which models leave out.
    """
    marker = state.src[state.pos]
    if silent or marker not in ("_", "*"):
        return False
    scanned = state.scanDelims(state.pos, marker == "*")
    can_open, can_close = scanned.can_open, scanned.can_close
    if marker == "*" and scanned.length in (2, 3):
        before = state.src[state.pos - 1] if state.pos else " "
        end = state.pos + scanned.length
        after = state.src[end] if end < state.posMax else " "
        can_open, can_close = can_open or not after.isspace(), can_close or not before.isspace()
    for _ in range(scanned.length):
        state.push("text", "", 0).content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=scanned.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=can_open,
                close=can_close,
            )
        )
    state.pos += scanned.length
    return True


def _draw_boxes(state: StateCore) -> None:
    """`[ ]` and `[x]` at the head of a list item as drawn boxes: a form field would ask for a click."""
    for before, token in zip(state.tokens[1:], state.tokens[2:], strict=False):
        if token.type != "inline" or before.type != "paragraph_open" or not token.children:
            continue
        first = token.children[0]
        task = TASK.match(first.content)
        if task and token.level > 2 and first.type == "text":
            first.content = BOXES[task[1]] + first.content[task.end() :]
