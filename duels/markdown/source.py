"""Repairs of Markdown as models write it, where the standard reads something else than was meant."""

import re

FENCE = re.compile(r"( *)(`{3,}|~{3,})([^`\n]*)$")
ORDERED_ITEM = re.compile(r"( *)(\d{1,9}[.)] +)\S")
BULLET = re.compile(r"( *)[-*+] ")
MARKDOWN_NAMES = {"markdown", "md", "mdx", "commonmark"}


def repair(text: str) -> str:
    """The text with nested lists below a number indented enough, and fences that hold fences made longer.

    An answer that is one whole block of Markdown is taken out of its fence.
    """
    lines = _unwrap(text.split("\n"))
    return "\n".join(_indent_nested_lists(_lengthen_outer_fences(lines)))


def _unwrap(lines: list[str]) -> list[str]:
    """The lines within, where a fence named Markdown is opened by the first line and closed by the last."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    if len(filled) < 2:
        return lines
    first, last = filled[0], filled[-1]
    opening = FENCE.match(lines[first])
    if not opening or opening[3].strip().lower() not in MARKDOWN_NAMES:
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
    repaired, number = list(lines), 0
    while number < len(lines):
        opening = FENCE.match(lines[number])
        if not opening:
            number += 1
            continue
        is_markdown = opening[3].strip().lower() in MARKDOWN_NAMES
        closing = (
            _closing_line(lines, number) if is_markdown else _plain_closing_line(lines, number, opening[2])
        )
        if closing is None:
            return repaired
        if is_markdown:
            within = [fence[2] for fence in map(FENCE.match, lines[number + 1 : closing]) if fence]
            longer = "`" * (max(map(len, [opening[2], *within])) + 1)
            repaired[number] = f"{opening[1]}{longer}{opening[3]}"
            repaired[closing] = f"{opening[1]}{longer}"
        number = closing + 1
    return repaired


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
