"""The picture of who changed between the blind vote and the second one: bands from left to right."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from web.formatting import format_int

WIDTH, HEIGHT, BAR, GAP = 520, 260, 26, 8  # units of the drawing
ORDER = ("a", "both_good", "both_bad", "b")


@dataclass(frozen=True, slots=True)
class FlowBar:
    """The people of one choice, as a bar of one column."""

    choice: str
    letter: str
    count: int
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class FlowBand:
    """People who went from one choice to another, as an SVG path."""

    choice: str
    path: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """Both votes side by side; bands only where devices voted twice."""

    bars: list[FlowBar]
    bands: list[FlowBand]
    sentence: str


def draw_flow(
    blind: Mapping[str, int], second: Mapping[str, int], moves: Mapping[tuple[str, str], int]
) -> Flow | None:
    """None before there are two votes."""
    if not (sum(blind.values()) and sum(second.values())):
        return None
    left, right = _column(blind, 0), _column(second, WIDTH - BAR)
    return Flow(
        [*left.values(), *right.values()], _bands(left, right, moves), _sentence(blind, second, moves)
    )


def _column(counts: Mapping[str, int], x: float) -> dict[str, FlowBar]:
    shown = [choice for choice in ORDER if counts.get(choice)]
    scale = (HEIGHT - GAP * (len(shown) - 1)) / sum(counts[choice] for choice in shown)
    bars, y = {}, 0.0
    for choice in shown:
        height = counts[choice] * scale
        bars[choice] = FlowBar(choice, _letter(choice), counts[choice], x, round(y, 1), round(height, 1))
        y += height + GAP
    return bars


def _letter(choice: str) -> str:
    return {"a": "A", "b": "B", "both_good": "A = B", "both_bad": _("aucune")}[choice]


def _bands(
    left: Mapping[str, FlowBar], right: Mapping[str, FlowBar], moves: Mapping[tuple[str, str], int]
) -> list[FlowBand]:
    """Bands leave and arrive in the order of the bars, so that as few as possible cross."""
    starts, ends = {c: bar.y for c, bar in left.items()}, {c: bar.y for c, bar in right.items()}
    bands = []
    for before in ORDER:
        for after in ORDER:
            people = moves.get((before, after), 0)
            if not people or before not in left or after not in right:
                continue
            from_height = people * left[before].height / left[before].count
            to_height = people * right[after].height / right[after].count
            path = _band_path(starts[before], from_height, ends[after], to_height)
            starts[before] += from_height
            ends[after] += to_height
            bands.append(FlowBand(before, path, before != after))
    return bands


def _band_path(top: float, height: float, to_top: float, to_height: float) -> str:
    x1, x2, middle = BAR, WIDTH - BAR, WIDTH / 2
    y1, y2, y3, y4 = (round(y, 1) for y in (top, to_top, to_top + to_height, top + height))
    return f"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}V{y3}C{middle} {y3} {middle} {y4} {x1} {y4}Z"


def _sentence(
    blind: Mapping[str, int], second: Mapping[str, int], moves: Mapping[tuple[str, str], int]
) -> str:
    if moves:
        total = sum(moves.values())
        changed = count_changed(moves)
        return ngettext(
            "%(changed)s sur %(total)s a changé d’avis.",
            "%(changed)s sur %(total)s ont changé d’avis.",
            changed,
        ) % {"changed": format_int(changed), "total": format_int(total)}
    if all(blind.get(choice, 0) == second.get(choice, 0) for choice in ORDER):
        return _("Les mêmes voix qu’avant.")
    values = {
        "a": format_int(blind.get("a", 0)),
        "a_now": format_int(second.get("a", 0)),
        "b": format_int(blind.get("b", 0)),
        "b_now": format_int(second.get("b", 0)),
    }
    return _("A passe de %(a)s à %(a_now)s voix, B de %(b)s à %(b_now)s.") % values


def count_changed(moves: Mapping[tuple[str, str], int]) -> int:
    return sum(people for (before, after), people in moves.items() if before != after)
