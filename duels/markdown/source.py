"""Repairs of Markdown as models write it, where the standard reads something else than was meant."""

import re
from collections.abc import Iterator

FENCE = re.compile(r"( *)(`{3,}|~{3,})([^`\n]*)$")
ORDERED_ITEM = re.compile(r"( *)(\d{1,9}[.)] +)\S")
BULLET = re.compile(r"( *)[-*+] ")
MARKDOWN_NAMES = {"markdown", "md", "mdx", "commonmark"}


def repair(text: str) -> str:
    """The text with nested lists below a number indented enough, and fences that hold fences made longer.

    An answer that is one whole block of Markdown is taken out of its fence.
    """
    return "\n".join(repair_lines(_unwrap(text.split("\n"))))


def repair_lines(lines: list[str]) -> list[str]:
    """The same repairs of a part of an answer, line by line: as many lines come out as go in."""
    return _indent_nested_lists(_lengthen_outer_fences(lines))


def open_fence_line(lines: list[str]) -> int | None:
    """The line of the first fence that is not closed; None when all are."""
    return next((start for start, closing in _fences(lines) if closing is None), None)


def is_markdown_fence(line: str) -> bool:
    """Whether the line opens a fence named Markdown, which may hold a whole answer."""
    opening = FENCE.match(line)
    return opening is not None and opening[3].strip().lower() in MARKDOWN_NAMES


def _unwrap(lines: list[str]) -> list[str]:
    """The lines within, where a fence named Markdown is opened by the first line and closed by the last."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    if len(filled) < 2:
        return lines
    first, last = filled[0], filled[-1]
    if not is_markdown_fence(lines[first]):
        return lines
    return lines[first + 1 : last] if _closing_line(lines, first) == last else lines


def _closing_line(lines: list[str], start: int) -> int | None:
    """The line that closes the fence opened at `start`, those that it holds being closed before it."""
    depth = 0
    for number in range(start, len(lines)):
        fence = FENCE.match(lines[number])
        if not fence:
            continue
        depth += 1 if fence[3].strip() else -1
        if depth <= 0:
            return number
    return None


def _lengthen_outer_fences(lines: list[str]) -> list[str]:
    """Fences named Markdown made longer than any fence within them."""
    repaired = list(lines)
    for start, closing in _fences(lines):
        if closing is not None and is_markdown_fence(lines[start]):
            fences = list(filter(None, map(FENCE.match, lines[start:closing])))
            longer = "`" * (max(len(fence[2]) for fence in fences) + 1)
            repaired[start] = f"{fences[0][1]}{longer}{fences[0][3]}"
            repaired[closing] = f"{fences[0][1]}{longer}"
    return repaired


def _fences(lines: list[str]) -> Iterator[tuple[int, int | None]]:
    """The lines that open and close each outermost fence; the last one may be open."""
    closing: int | None = -1
    for number, line in enumerate(lines):
        if closing is None:
            return
        opening = FENCE.match(line) if number > closing else None
        if not opening:
            continue
        is_markdown = is_markdown_fence(line)
        closing = (
            _closing_line(lines, number) if is_markdown else _plain_closing_line(lines, number, opening[2])
        )
        yield number, closing


def _plain_closing_line(lines: list[str], start: int, marks: str) -> int | None:
    """The line that closes a fence by the standard: as many marks or more, of the same kind, and no name."""
    for number in range(start + 1, len(lines)):
        fence = FENCE.match(lines[number])
        if fence and not fence[3].strip() and fence[2].startswith(marks):
            return number
    return None


def _indent_nested_lists(lines: list[str]) -> list[str]:
    """Bullets two spaces below a number moved under its text, with what stands deeper below them."""
    repaired: list[str] = []
    number_column, text_column, shift, closing_marks = -1, -1, 0, ""
    for line in lines:
        fence = FENCE.match(line)
        if closing_marks:
            if fence and not fence[3].strip() and fence[2].startswith(closing_marks):
                closing_marks = ""
        elif fence:
            closing_marks = fence[2]
        elif item := ORDERED_ITEM.match(line):
            number_column, text_column, shift = len(item[1]), len(item[1]) + len(item[2]), 0
        elif line.strip() and number_column >= 0:
            column = len(line) - len(line.lstrip(" "))
            if column <= number_column:
                shift = 0
                number_column = -1 if not BULLET.match(line) or column < number_column else number_column
            elif BULLET.match(line) and column < text_column and not shift:
                shift = text_column - column
        indented = " " * shift + line if shift and line.startswith(" " * (number_column + 1)) else line
        repaired.append(indented)
    return repaired
