"""Markdown rendered block by block while it arrives, for pages that show an answer before its end."""

import re
import time
from typing import Any, NamedTuple

from markdown_it.token import Token

from duels.markdown import parse_blocks, render_blocks, to_html
from duels.markdown.code import COLOUR_SECONDS
from duels.markdown.math import open_formula
from duels.markdown.source import (
    closing_line,
    fence_marks,
    hold_fences,
    is_markdown_fence,
    open_fence_line,
    repair_lines,
    split_at_closing,
)

# Work stays linear in the text, whatever it is: so many characters may be parsed for each that has arrived.
PARSED_PER_CHARACTER = 4
LINE_HEAD = 80  # characters of a line that say what it may end
BARE_FENCE = re.compile(r" *(`{3,}|~{3,})\s*$")
# What stands at the left edge ends a list, once it cannot become the mark of another item.
NO_ITEM = re.compile(r"[^\s\d*+\-]|\*\*")
# Definitions, line ends and tabs, formulas, fences that are not plainly opened and closed: in a text without
# these no block depends on another, and its parts are the whole. 45,000 texts were compared.
UNUSUAL = re.compile(r"\]:|[\r\t\0]|\$\$|\\\[|\\begin\{|^.+```|^```.*[^\w\n]|~~~", re.MULTILINE)
LONE_RETURN = re.compile(r"\r(?!\n|\Z)")
ENDED_BY_THEMSELVES = {"heading_open", "hr", "fence", "math_block"}
ENDED_BY_A_BLANK_LINE = {"paragraph_open", "table_open", "blockquote_open"}


class Rendered(NamedTuple):
    """Sanitised HTML of finished blocks.

    units: UTF-16 code units of source that it replaces, following those replaced before; None: all of it.
    """

    html: str
    units: int | None


class IncrementalRenderer:
    """Renders one answer. Its results in order show what to_html makes of the whole text."""

    def __init__(self) -> None:
        self.parsed_characters = 0
        self._allowance = 0  # of characters to parse
        self._pending: list[str] = []  # source that is not rendered yet
        self._received: list[str] = []
        self._html: list[str] = []
        self._env: dict[str, Any] = {"outline": []}
        self._colour_seconds = COLOUR_SECONDS
        self._line = ""  # the beginning of the last line
        self._is_after_blank = True
        self._is_after_bare_fence = False
        self._is_candidate = False  # whether a block may have ended since the last try
        self._open_block = ""  # the type of the last block when it was tried
        self._is_stopped = False
        self._has_begun = False
        self._fence = ""  # marks of the fence named Markdown that the answer began with
        self._is_in_fence = False
        self._line_above = ""  # the pending source

    def feed(self, text: str) -> Rendered | None:
        """Add text; what it ends as HTML, if anything."""
        self.add(text)
        return self.take_ended() if self.is_due else None

    def add(self, text: str) -> None:
        """Add text, without rendering any."""
        self._received.append(text)
        self._pending.append(text)
        self._allowance += len(text) * PARSED_PER_CHARACTER
        *lines, last = (self._line + text).split("\n")
        for line in lines:
            self._is_candidate |= self._may_end_block(line) or self._may_end_list(line)
            self._is_after_blank = not line.strip()
        self._line = last[:LINE_HEAD]
        self._is_candidate |= self._may_end_list(last)

    @property
    def is_due(self) -> bool:
        """Whether the text that was added may have ended a block."""
        return not self._has_begun or (self._is_candidate and not self._is_stopped)

    def take_ended(self) -> Rendered | None:
        """The blocks that have ended since the last call as HTML, if there are any."""
        if not self._has_begun and (fence := self._take_opening_fence()):
            return fence
        return self._try() if self._is_candidate and not self._is_stopped else None

    def finish(self) -> Rendered:
        """The rest; the whole where the parts do not add up to it, as with notes defined at the end."""
        received = "".join(self._received)
        if self._html and not self._is_stopped:
            rest = "".join(self._pending)
            lines = rest.split("\n")
            parts = split_at_closing(lines, self._fence, self._line_above) if self._is_in_fence else [lines]
            html = "".join([self._render_lines(part) for part in parts])
            is_sure = not (self._fence or UNUSUAL.search(received) or hold_fences(received))
            if is_sure or "".join([*self._html, html]) == to_html(received):
                return Rendered(html, utf16_units(rest))
        return Rendered(to_html(received), None)

    def _take_opening_fence(self) -> Rendered | None:
        """Drop the fence that opens an answer which is one block of Markdown: what it holds is the answer."""
        source = "".join(self._pending)
        first = len(source) - len(source.lstrip())
        end = source.find("\n", first) + 1
        self._has_begun = end > 0
        if not end or not is_markdown_fence(source[source.rfind("\n", 0, first) + 1 : end - 1]):
            return None
        self._fence, self._is_in_fence = fence_marks(source[first:end].rstrip()), True
        self._pending = [source[end:]]
        self._html.append("")
        return Rendered("", utf16_units(source[:end]))

    def _may_end_block(self, line: str) -> bool:
        """Whether a complete line may be the end of a block, or the beginning of the next."""
        was_bare_fence, is_bare_fence = self._is_after_bare_fence, bool(BARE_FENCE.match(line))
        self._is_after_bare_fence = is_bare_fence
        if self._open_block == "fence":
            return is_bare_fence or was_bare_fence
        if self._open_block == "list":
            return line.startswith("#")
        return is_bare_fence or line.startswith("#") or not (line.strip() or self._is_after_blank)

    def _may_end_list(self, line: str) -> bool:
        return self._open_block == "list" and self._is_after_blank and bool(NO_ITEM.match(line))

    def _try(self) -> Rendered | None:
        """Render the blocks of the pending source that have ended, unless too much was parsed already."""
        source = "".join(self._pending)
        if len(source) > self._allowance:
            self._pending = [source]
            return None
        self._allowance -= len(source)
        self.parsed_characters += len(source)
        self._is_candidate = False
        lines = source.split("\n")
        if self._is_in_fence:
            closing = closing_line(lines, self._fence, is_whole=False, above=self._line_above)
            if closing is not None:
                return self._close_fence(lines, closing)
        repaired = repair_lines(lines)
        references = self._env.get("references", {})
        env = {"references": dict(references)}
        tokens = parse_blocks("\n".join(repaired), env)
        blocks = [token for token in tokens if token.level == 0 and token.nesting >= 0]
        if LONE_RETURN.search(source) or "footnotes" in env:  # lines are counted otherwise; notes stand last
            self._is_stopped = True
            return None
        end = self._end_of_ended(blocks, lines, source)
        if not end:
            return None
        ended = "\n".join([*lines[:end], ""])
        self._line_above = lines[end - 1]
        self._pending = [source[len(ended) :]]
        if len(env["references"]) > len(references):  # perhaps by a line that is still being written
            tokens = parse_blocks("\n".join(repaired[:end]), self._env)
        html = self._render(_until(tokens, end))
        self._html.append(html)
        return Rendered(html, utf16_units(ended))

    def _close_fence(self, lines: list[str], closing: int) -> Rendered:
        """Render what is left of a block of Markdown, and drop the fence that closes it."""
        self._is_in_fence, self._is_candidate, self._open_block = False, True, ""
        self._pending = ["\n".join(lines[closing + 1 :])]
        html = self._render_lines(lines[:closing])
        self._html.append(html)
        return Rendered(html, utf16_units("\n".join([*lines[: closing + 1], ""])))

    def _end_of_ended(self, blocks: list[Any], lines: list[str], source: str) -> int:
        """How many lines belong to ended blocks, blank lines below them included."""
        held_from = _held_from(lines, source)
        end = 0
        self._open_block = ""
        for block, following in zip(blocks, [*blocks[1:], None], strict=False):
            if block.map[1] > held_from:
                self._open_block = "fence" if open_fence_line(lines) == held_from else ""
                break
            if following is None:
                has_ended = _has_ended_alone(block, lines)
            else:
                has_ended = following.map[0] < len(lines) - 1 or _is_ended_by(lines[-2:], block)
            if not has_ended:
                self._open_block = _kind(block)
                break
            end = following.map[0] if following else _skip_blank(lines, block.map[1])
        return end

    def _render_lines(self, lines: list[str]) -> str:
        return self._render(parse_blocks("\n".join(repair_lines(lines)), self._env))

    def _render(self, tokens: list[Token]) -> str:
        started = time.thread_time()
        self._env["colour_until"] = started + self._colour_seconds
        html = render_blocks(tokens, self._env)
        self._colour_seconds -= time.thread_time() - started
        return html


def utf16_units(text: str) -> int:
    """The length of the text in JavaScript."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _until(tokens: list[Token], line: int) -> list[Token]:
    """The tokens of the blocks that begin above the line."""
    blocks = (n for n, token in enumerate(tokens) if token.level == 0 and token.map and token.map[0] >= line)
    return tokens[: next(blocks, len(tokens))]


def _kind(block: Any) -> str:
    if block.type == "fence":
        return "fence"
    return "" if block.type in ENDED_BY_THEMSELVES | ENDED_BY_A_BLANK_LINE else "list"


def _held_from(lines: list[str], source: str) -> int:
    """The line from which on all depends on what follows: an open fence, a formula still to be closed."""
    fence, formula = open_fence_line(lines), open_formula(source)
    held = [len(lines)]
    held += [] if fence is None else [fence]
    held += [] if formula is None else [source.count("\n", 0, formula)]
    return min(held)


def _has_ended_alone(block: Any, lines: list[str]) -> bool:
    """Whether the last block cannot go on, whatever follows. The last line is still being written."""
    end, complete = block.map[1], len(lines) - 1
    if block.type in ENDED_BY_THEMSELVES:
        return bool(end <= complete)
    return block.type in ENDED_BY_A_BLANK_LINE and end < complete and not lines[end].strip()


def _is_ended_by(last_lines: list[str], block: Any) -> bool:
    """Whether a line that is still being written begins another block for good."""
    before, line = last_lines
    return not before.strip() and (_kind(block) != "list" or bool(NO_ITEM.match(line)))


def _skip_blank(lines: list[str], start: int) -> int:
    """The first line from `start` on that is not blank, or is still being written."""
    return next((n for n in range(start, len(lines) - 1) if lines[n].strip()), len(lines) - 1)
