"""How much of a duel's texts goes on the printed sheet, of one A4 page; it says where it is cut."""

import math
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

SHEET_LINES = 36  # of the letters that static/css/result.css prints texts in, below the figures
ANSWER_COLUMNS = 50  # letters on a line of an answer, which takes half of the sheet's width
PROMPT_COLUMNS = 105
PROMPT_LINES = 8
TURN_LINES = 3  # what a turn takes besides its texts
FEWEST_LINES = 4  # with less room than that, a turn is left out

FENCE = re.compile(r"\s*(```|~~~)")
HEADING = re.compile(r"\s*#{1,6} ")
CUT = "…"


@dataclass(frozen=True, slots=True)
class Fitted:
    """As much of a text as fits, the lines it takes, and whether something is missing."""

    text: str
    lines: float
    is_cut: bool


def fit(markdown: str, lines: float, columns: int) -> Fitted:
    """The beginning of the text that takes so many lines at most; it ends between lines, or between words."""
    kept: list[str] = []
    used, in_code = 0.0, False
    for line in markdown.splitlines():
        in_code ^= bool(FENCE.match(line))
        cost = _lines_of(line, columns, in_code)
        if used + cost > lines:
            is_prose = not (in_code or line.lstrip().startswith("|"))
            end = _beginning(line, math.floor(lines - used) * columns) if is_prose else CUT
            return Fitted("\n".join([*kept, end]), lines, is_cut=True)
        kept.append(line)
        used += cost
    return Fitted(markdown, used, is_cut=False)


def _lines_of(line: str, columns: int, in_code: bool) -> float:
    """The lines that one line of Markdown takes on paper, rather too many than too few."""
    if not line.strip():
        return 0.6
    if in_code:
        return math.ceil(_columns_of(line) / (0.8 * columns))
    if line.lstrip().startswith("|"):
        cells = line.strip().strip("|").split("|")
        room = max(columns / len(cells) - 4, 3)
        return 0.6 + max(math.ceil(_columns_of(cell) / room) for cell in cells)
    return math.ceil(_columns_of(line) / columns) + (0.6 if HEADING.match(line) else 0.1)


def _columns_of(text: str) -> int:
    """Letters of the width of a Latin one; those of East Asia take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _beginning(line: str, columns: int) -> str:
    """As much of a line as takes so many columns, in whole words if it has any; then the sign of a cut."""
    room = list(accumulate(map(_columns_of, line)))
    end = bisect_right(room, columns)
    space = line.rfind(" ", 0, end + 1)
    return line[: space if space > end / 2 else end] + CUT
