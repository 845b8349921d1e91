"""Repairs of Markdown as models write it, where the standard reads something else than was meant."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice

from duels.markdown.tables import escape_held_separators, is_delimiter_row

FENCE = re.compile(r"( *)(`{3,}|~{3,})([^`\n]*)$")
ANY_FENCE = re.compile(r"^ *(?:`{3,}|~{3,})([^`\n]*)$", re.MULTILINE)
ORDERED_ITEM = re.compile(r"( *)(\d{1,9}[.)] +)\S")
BULLET = re.compile(r" *[-*+] ")
QUOTE = re.compile(r" ?> ?")
MAX_QUOTES = 3  # within one another
MARKDOWN_NAMES = {"markdown", "md", "mdx", "commonmark"}
MAX_HELD_LINES = 100  # between the first fence that may close such a block and the one that does
HOLDER_NAMES = {"", "text", "txt", "plaintext", "prompt", "html", "xml", "rst"}  # may hold named fences


def repaired_parts(text: str) -> list[str]:
    """The text with nested lists below a number indented enough, and fences that hold fences made longer.

    An answer that begins with a block of Markdown is taken out of its fence: what it holds, then the rest.
    """
    return ["\n".join(repair_lines(part)) for part in _unwrapped(text.split("\n"))]


def repair_lines(lines: list[str]) -> list[str]:
    """The same repairs of a part of an answer, line by line: as many lines come out as go in."""
    if any(map(is_delimiter_row, lines)):
        lines = escape_held_separators(lines, _code_lines(lines))
    return _indent_quoted_and_nested_lists(_lengthen_outer_fences(lines))


def open_fence_line(lines: list[str]) -> int | None:
    """The line of the first fence that is not closed for good yet; None when all are."""
    return next((start for start, closing in _fences(lines, is_whole=False) if closing is None), None)


def fence_marks(line: str) -> str:
    """The marks of a line that opens a fence."""
    fence = FENCE.match(line)
    return fence[2] if fence else ""


def is_markdown_fence(line: str) -> bool:
    """Whether the line opens a fence named Markdown, which may hold a whole answer."""
    opening = FENCE.match(line)
    return opening is not None and opening[3].strip().lower() in MARKDOWN_NAMES


def _unwrapped(lines: list[str]) -> list[list[str]]:
    """The lines within a fence named Markdown that the first line opens, then those behind it."""
    first = next((number for number, line in enumerate(lines[:-1]) if line.strip()), len(lines))
    if first == len(lines) or not is_markdown_fence(lines[first]):
        return [lines]
    return split_at_closing(lines[first + 1 :], fence_marks(lines[first]))


def split_at_closing(lines: list[str], marks: str, above: str = "") -> list[list[str]]:
    """The lines within a fence of these marks, then those behind it, where it is closed."""
    closing = closing_line(lines, marks, above=above)
    return [lines] if closing is None else [lines[:closing], lines[closing + 1 :]]


def closing_line(lines: list[str], marks: str, *, is_whole: bool = True, above: str = "") -> int | None:
    """The line that closes the fence that these lines stand in, those that it holds being closed before it.

    A fence of more than three marks is closed by as many, which those that it holds do not have. A bare fence
    that looks like the beginning of code opens it, if it is closed again.

    is_whole: no more lines will come. above: the line before these.
    """
    if len(marks) > 3 and (closing := _plain_closing_line(lines, marks)) is not None:
        return closing
    depth = 1
    for number, line in enumerate(lines):
        if not (fence := FENCE.match(line)):
            continue
        is_bare = not fence[3].strip()
        is_code = _begins_code(lines[number - 1] if number else above, fence, lines[number + 1 : number + 2])
        opens_code = depth == 1 and is_code and not (is_whole and _is_last_bare(lines, number))
        depth += -1 if is_bare and not opens_code else 1
        if depth == 0:
            return number if is_whole or number + 2 < len(lines) else None
    return None


def _code_lines(lines: list[str]) -> set[int]:
    """The numbers of the lines of code, their fences included."""
    return {
        number
        for start, closing in _fences(lines)
        for number in range(start, len(lines) if closing is None else closing + 1)
    }


def _is_last_bare(lines: list[str], number: int) -> bool:
    return _plain_closing_line(islice(lines, number + 1, None), "") is None


def _begins_code(above: str, fence: re.Match[str], below: list[str]) -> bool:
    """Whether text stands right below a bare fence, and above it nothing, a title or « : »."""
    above = above.strip()
    is_after_text = bool(above) and above[0] != "#" and above[-1] != ":"
    return bool(below and below[0].strip()) and bool(fence[1] or not is_after_text)


def _lengthen_outer_fences(lines: list[str]) -> list[str]:
    """Fences that hold fences made longer than any within them."""
    repaired = list(lines)
    for start, closing in _fences(lines):
        fences = list(filter(None, map(FENCE.match, lines[start:closing])))
        if closing is not None and (len(fences) > 1 or is_markdown_fence(lines[start])):
            longer = "`" * (max(len(fence[2]) for fence in fences) + 1)
            repaired[start] = f"{fences[0][1]}{longer}{fences[0][3]}"
            repaired[closing] = f"{fences[0][1]}{longer}"
    return repaired


def _fences(lines: list[str], *, is_whole: bool = True) -> Iterator[tuple[int, int | None]]:
    """The lines that open and close each outermost fence; the last one may be open."""
    closing: int | None = -1
    for number, line in enumerate(lines):
        if closing is None:
            return
        opening = FENCE.match(line) if number > closing else None
        if not opening:
            continue
        below, marks = lines[number + 1 :], opening[2]
        if is_markdown_fence(line):
            found = closing_line(below, marks, is_whole=is_whole)
        else:
            found = _plain_closing_line(below, marks)
            if found is not None and _holds_fence(below[:found], opening[3]):
                held = closing_line(below[: found + MAX_HELD_LINES], marks)
                found = found if held is None else held
        closing = None if found is None else number + 1 + found
        yield number, closing


def hold_fences(text: str) -> bool:
    """Whether a fence of a text may be opened within another: which of them a bare one closes is unsure."""
    is_open = False
    for fence in ANY_FENCE.finditer(text):
        name = fence[1].strip()
        if name and (is_open or name.lower() in MARKDOWN_NAMES):
            return True
        is_open = not is_open
    return is_open


def _holds_fence(lines: list[str], name: str) -> bool:
    """Whether a named fence is opened within these lines, which a fence of this name holds."""
    inside = filter(None, map(FENCE.match, lines))
    return name.strip().lower() in HOLDER_NAMES and any(fence[3].strip() for fence in inside)


def _plain_closing_line(lines: Iterable[str], marks: str) -> int | None:
    """The line that closes a fence by the standard: as many marks or more, of the same kind, and no name."""
    for number, line in enumerate(lines):
        fence = FENCE.match(line)
        if fence and not fence[3].strip() and fence[2].startswith(marks):
            return number
    return None


def _indent_quoted_and_nested_lists(lines: list[str], depth: int = 0) -> list[str]:
    """The lists of a text, and those within quotes of it, with what they hold moved under their words."""
    if not any(line.startswith((">", " >")) for line in lines):
        return _indent_nested_lists(lines)
    in_code = _code_lines(lines)
    quotes = [None if number in in_code else QUOTE.match(line) for number, line in enumerate(lines)]
    repaired: list[str] = []
    for is_quote, numbers in groupby(range(len(lines)), key=lambda number: quotes[number] is not None):
        group = list(numbers)
        if not is_quote or depth >= MAX_QUOTES:
            repaired += _indent_nested_lists([lines[number] for number in group])
            continue
        marks = [quote[0] for number in group if (quote := quotes[number])]
        inside = [lines[number][len(mark) :] for number, mark in zip(group, marks, strict=True)]
        moved = _indent_quoted_and_nested_lists(inside, depth + 1)
        repaired += [mark + line for mark, line in zip(marks, moved, strict=True)]
    return repaired


@dataclass(slots=True)
class _NumberedItem:
    """A list item with a number: its columns as written, and how far to the right things are moved."""

    column: int
    text_column: int  # once moved
    shift: int  # of what the item holds


def _indent_nested_lists(lines: list[str]) -> list[str]:
    """Move what stands two spaces below a number under its text: bullets, numbers, code, paragraphs."""
    if not any(map(ORDERED_ITEM.match, lines)):
        return lines
    repaired: list[str] = []
    items: list[_NumberedItem] = []
    closing_marks, shift = "", 0
    for line in lines:
        fence = FENCE.match(line)
        if closing_marks:
            if fence and not fence[3].strip() and fence[2].startswith(closing_marks):
                closing_marks = ""
        elif line.strip():
            shift = _shift_of(line, items)
            closing_marks = fence[2] if fence else ""
        repaired.append(" " * shift + line if shift and line.strip() else line)
    return repaired


def _shift_of(line: str, items: list[_NumberedItem]) -> int:
    """How far to the right a line belongs; `items` are the numbered items around it, and then its own."""
    column = len(line) - len(line.lstrip(" "))
    while items and column <= items[-1].column:
        items.pop()
    number = ORDERED_ITEM.match(line)
    if items:
        around = items[-1]
        is_held = column >= around.column + 2 or number or BULLET.match(line)
        if is_held and column + around.shift < around.text_column:
            around.shift = around.text_column - column
    shift = items[-1].shift if items else 0
    if number:
        items.append(_NumberedItem(column, column + shift + len(number[2]), shift))
    return shift
