"""The ratio as areas to scale: one square for the frugal answer, a field of such squares for the other."""

import math
from dataclasses import dataclass

from science.energy import Ratio, Verdict

WIDTH, HEIGHT = 600, 360  # units of the drawing
GAP = 24
POINTER_WIDTH = 64  # room for the letter above a square that is small
POINTED_BELOW = 60  # side of a square that its letter does not fit in
LINES_FROM = 4.5  # side of a square; smaller ones are drawn as one surface


@dataclass(frozen=True, slots=True)
class Rectangle:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class RatioPicture:
    """The frugal answer's square, then the other's field; all sizes in units of the drawing.

    rows: the full rows of the field, and what is left above them. lines: the path that parts the squares.
    """

    hungrier: str
    frugal: str
    square: Rectangle
    is_pointed: bool
    rows: tuple[Rectangle, ...]
    lines: str
    line_width: float

    @property
    def frugal_letter(self) -> tuple[float, float]:
        """Where the letter of the frugal answer stands: in its square, or above a small one."""
        x, half = self.square.x + self.square.width / 2, self.square.height / 2
        return round(x, 2), round(self.square.y - 48 if self.is_pointed else self.square.y + half, 2)

    @property
    def hungrier_letter(self) -> tuple[float, float] | None:
        """Where the other letter stands: in the first square of the field; None where it does not fit."""
        half = self.square.width / 2
        return None if self.is_pointed else (round(self.rows[0].x + half, 2), round(HEIGHT - half, 2))

    def contour(self, count: float) -> tuple[str, float, float]:
        """The line around the first `count` squares of the field, as a path, and its right end."""
        cell, field = self.square.width, self.rows[0]
        columns = round(field.width / cell)
        full_rows = math.floor(count / columns)
        x, top, right = field.x, HEIGHT - full_rows * cell, field.x + field.width
        corner = x + (count - full_rows * columns) * cell
        steps = f"M{x:.2f} {top - cell:.2f}H{corner:.2f}V{top:.2f}"
        if not full_rows:
            return f"{steps}", round(corner, 2), round(top - cell / 2, 2)
        return f"{steps}H{right:.2f}", round(right, 2), round(top, 2)


def ratio_picture(ratio: Ratio | None) -> RatioPicture | None:
    """The picture of a ratio, as many squares as its figure says; None where both are of the same order."""
    if ratio is None or ratio.verdict is Verdict.SAME_ORDER:
        return None
    hungrier, frugal = ("a", "b") if ratio.verdict is Verdict.FIRST_MORE else ("b", "a")
    return square_field(float(f"{ratio.factor:.2g}"), hungrier, frugal)


def square_field(count: float, hungrier: str, frugal: str) -> RatioPicture:
    """One square beside `count` squares, of which the last may be a part of one."""
    cell, columns = _largest_cell(count)
    left = max(cell, POINTER_WIDTH)
    field_x = left + GAP
    return RatioPicture(
        hungrier=hungrier,
        frugal=frugal,
        square=_rectangle((left - cell) / 2, HEIGHT - cell, cell, cell),
        is_pointed=cell < POINTED_BELOW,
        rows=_rows(count, columns, cell, field_x),
        lines=_lines(count, columns, cell, field_x) if cell >= LINES_FROM else "",
        line_width=round(min(4, cell * 0.12), 2),
    )


def _largest_cell(count: float) -> tuple[float, int]:
    """The side of the largest squares that fit, and their number in a row."""
    most_columns = math.ceil(math.sqrt(count * WIDTH / HEIGHT)) + 1
    return max((_cell(count, columns), columns) for columns in range(1, most_columns + 1))


def _cell(count: float, columns: int) -> float:
    height = HEIGHT / math.ceil(count / columns)
    beside = (WIDTH - GAP) / (columns + 1)
    if min(height, beside) >= POINTER_WIDTH:
        return min(height, beside)
    return min(height, (WIDTH - GAP - POINTER_WIDTH) / columns)


def _rows(count: float, columns: int, cell: float, x: float) -> tuple[Rectangle, ...]:
    full_rows = math.floor(count / columns)
    rest = count - full_rows * columns
    rows = []
    if full_rows:
        height = full_rows * cell
        rows.append(_rectangle(x, HEIGHT - height, columns * cell, height))
    if rest:
        rows.append(_rectangle(x, HEIGHT - (full_rows + 1) * cell, rest * cell, cell))
    return tuple(rows)


def _lines(count: float, columns: int, cell: float, x: float) -> str:
    """The path of the lines between the squares of the field."""
    rows = math.ceil(count / columns)
    top, right = HEIGHT - rows * cell, x + columns * cell
    upright = [f"M{x + column * cell:.2f} {top:.2f}V{HEIGHT}" for column in range(columns + 1)]
    level = [f"M{x:.2f} {HEIGHT - row * cell:.2f}H{right:.2f}" for row in range(rows + 1)]
    return "".join(upright + level)


def _rectangle(x: float, y: float, width: float, height: float) -> Rectangle:
    return Rectangle(*(round(length, 2) for length in (x, y, width, height)))
