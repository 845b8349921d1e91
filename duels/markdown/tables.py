"""Rows of tables whose cells hold the sign between cells: in code or in a formula it separates nothing."""

import re
from collections.abc import Container

# Below the head of a table: at least two columns.
DELIMITERS = re.compile(r"[ >]*(?:\| *)?(?::?-+:? *\| *)+(?::?-+:? *)?$")
SEPARATOR = re.compile(r"(?<!\\)\|")
MAX_ROW_CHARACTERS = 4_000
# Code, and formulas in their marks: what they hold is short, so that no row takes long.
HELD = re.compile(
    r"(?<!`)(`+)(?!`)[^\n]{1,120}?(?<!`)\1(?!`)|\\\([^\n]{1,120}?\\\)|\$\$?(?! )[^$\n]{1,120}(?<! )\$\$?"
)


def is_delimiter_row(line: str) -> bool:
    return "|" in line and bool(DELIMITERS.match(line))


def escape_held_separators(lines: list[str], code: Container[int]) -> list[str]:
    """The lines, `|` escaped within code and formulas of rows that have more cells than their table.

    code: the numbers of the lines that stand in blocks of code.
    """
    repaired = list(lines)
    columns = 0
    for number, line in enumerate(lines):
        if "|" not in line or number in code:
            columns = 0
        elif not columns:
            if number and is_delimiter_row(line):
                columns = _cells(line)
                repaired[number - 1] = _escaped(lines[number - 1], columns)
        else:
            repaired[number] = _escaped(line, columns)
    return repaired


def _cells(line: str) -> int:
    return len(SEPARATOR.findall(line.strip(" >").strip("|"))) + 1


def _escaped(line: str, columns: int) -> str:
    if len(line) > MAX_ROW_CHARACTERS or _cells(line) <= columns:
        return line
    return HELD.sub(lambda held: SEPARATOR.sub(r"\\|", held[0]), line)
