"""The chart of quality against energy; coordinates are in percent, so that it fits any width."""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
from django.utils.translation import get_language

from leaderboard.pages.table import LeaderboardEntry, percent_label
from leaderboard.ranking.score import SHARED_ENERGY_FACTOR
from science.energy import Interval
from science.ranking.frontier import on_frontier
from web.formatting import format_int, format_significant
from web.text_search import matches_words

# Sizes in pixels of the drawing on a wide and on a narrow page, to find which labels fit.
WIDE_PX = (1040, 460)
NARROW_PX = (190, 370)  # a page of 320 px
CHARACTER_PX = 7
LINE_PX = 17
LABEL_LIFT_PX = 11  # labels are above the range bars, which leave a point sideways
LABEL_GAP_PX = 5

MIN_OPACITY = 0.3  # a model that is certainly not on the frontier must still be visible
MIN_LABELLED_CHANCE = 0.05  # chance of being on the frontier from which a model is labelled
MARK_PX = 6
CENTRE_PERCENT = 50
MARGIN_POINTS = 60
STEPS_POINTS = (20, 50, 100, 200, 500, 1000)
MARGIN_FACTOR = 1.7  # space left and right of the energies, as a ratio
TICKS_IN_DECADE = ((1, 2, 5), (1, 3), (1,))  # the first choice that gives at most MAX_TICKS is used
MAX_TICKS = 6


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One model: its position and the ends of its intervals, in percent from the left and from the top."""

    entry: LeaderboardEntry
    energy: Interval
    chance: float
    x: float
    x_low: float
    x_high: float
    y: float
    y_low: float
    y_high: float

    @property
    def opacity(self) -> float:
        return round(MIN_OPACITY + (1 - MIN_OPACITY) * self.chance, 2)

    @property
    def chance_label(self) -> str:
        return percent_label(self.chance)


@dataclass(frozen=True, slots=True)
class LabelledPoint:
    """A point and the pages on which its label fits.

    room: "any", "wide" for wide pages only, or "pointed" for when the point is hovered or focused; while one
    searches, "found" or "other".
    """

    point: ChartPoint
    room: str
    label_on_left: bool

    @property
    def cache_key(self) -> tuple[Hashable, ...]:
        point = self.point
        places = (point.chance, point.x, point.x_low, point.x_high, point.y, point.y_low, point.y_high)
        return point.entry.cache_key, places, self.room, self.label_on_left


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of the frontier line, in percent."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Chart:
    """The chart as the template draws it; a tick is a position in percent and its label."""

    points: list[LabelledPoint]
    frontier: list[Segment]
    energy_ticks: list[tuple[float, str]]
    score_ticks: list[tuple[float, str]]


@dataclass(frozen=True, slots=True)
class ScoreAxis:
    """The vertical axis, in points, from low at the bottom to high at the top."""

    low: float
    high: float

    @classmethod
    def around(cls, points: Sequence[float]) -> "ScoreAxis":
        """An axis for these scores with a margin; intervals that go beyond are clipped."""
        return cls(min(points) - MARGIN_POINTS, max(points) + MARGIN_POINTS)

    def percent(self, points: float) -> float:
        share = (self.high - min(max(points, self.low), self.high)) / (self.high - self.low)
        return round(100 * share, 2)

    def ticks(self) -> list[tuple[float, str]]:
        span = self.high - self.low
        step = next((size for size in STEPS_POINTS if span / size <= MAX_TICKS), STEPS_POINTS[-1])
        first = math.ceil(self.low / step)
        values = [step * number for number in range(first, math.floor(self.high / step) + 1)]
        return [(self.percent(value), format_int(value)) for value in values]


@dataclass(frozen=True, slots=True)
class EnergyAxis:
    """The horizontal axis, logarithmic, in Wh, from low at the left to high at the right."""

    low: float
    high: float

    @classmethod
    def around(cls, middles_wh: Sequence[float]) -> "EnergyAxis":
        """An axis for these energies with a margin; ranges that go beyond are clipped."""
        return cls(min(middles_wh) / MARGIN_FACTOR, max(middles_wh) * MARGIN_FACTOR)

    def percent(self, energy_wh: float) -> float:
        inside = min(max(energy_wh, self.low), self.high)
        return round(100 * math.log(inside / self.low) / math.log(self.high / self.low), 2)

    def ticks(self) -> list[tuple[float, str]]:
        choices = [self._ticks_at(digits) for digits in TICKS_IN_DECADE]
        values = next((values for values in choices if len(values) <= MAX_TICKS), choices[-1])
        return [(self.percent(value), format_significant(value, digits=1)) for value in values]

    def _ticks_at(self, digits: Sequence[int]) -> list[float]:
        decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)))
        values = (digit * 10.0**decade for decade in decades for digit in digits)
        return [value for value in values if self.low <= value <= self.high]


def build_chart(entries: Iterable[LeaderboardEntry], basis: str) -> Chart | None:
    """The chart of the entries whose score and energy are known; None with fewer than two.

    basis: a value of EnergyBasis, or empty for the energy of 1,000 tokens.
    """
    return _cached_chart(tuple(entries), basis, get_language())


# By language too: the labels of the ticks are localized. Rows never change once they are published.
@lru_cache(maxsize=64)
def _cached_chart(entries: tuple[LeaderboardEntry, ...], basis: str, language: str) -> Chart | None:
    known = [
        (entry, energy)
        for entry in entries
        if (energy := entry.energy(basis)) and entry.row.points is not None
    ]
    if len(known) < 2:
        return None
    energies = EnergyAxis.around([energy.mid for _entry, energy in known])
    scores = ScoreAxis.around([entry.row.points or 0.0 for entry, _energy in known])
    points = [_point(entry, model_specific_range(energy), basis, energies, scores) for entry, energy in known]
    points.sort(key=lambda point: point.y)
    return Chart(place_labels(points), frontier_line(points), energies.ticks(), scores.ticks())


def highlight(chart: Chart, words: str) -> Chart:
    """The same chart and frontier, with the models whose names match named, and the others faded."""
    points = [
        replace(
            labelled,
            room="found" if matches_words(labelled.point.entry.model.search_text, words) else "other",
        )
        for labelled in chart.points
    ]
    return replace(chart, points=points)


def model_specific_range(energy: Interval) -> Interval:
    """The range without the uncertainty common to all models, which would move all points together."""
    low = min(energy.low * SHARED_ENERGY_FACTOR, energy.mid)
    return Interval(low, energy.mid, max(energy.high / SHARED_ENERGY_FACTOR, energy.mid))


def _point(
    entry: LeaderboardEntry, energy: Interval, basis: str, energies: EnergyAxis, scores: ScoreAxis
) -> ChartPoint:
    row = entry.row
    middle = row.points or 0.0
    return ChartPoint(
        entry=entry,
        energy=energy,
        chance=entry.frontier_chance(basis) or 0.0,
        x=energies.percent(energy.mid),
        x_low=energies.percent(energy.low),
        x_high=energies.percent(energy.high),
        y=scores.percent(middle),
        y_low=scores.percent(row.points_low if row.points_low is not None else middle),
        y_high=scores.percent(row.points_high if row.points_high is not None else middle),
    )


def frontier_line(points: Sequence[ChartPoint]) -> list[Segment]:
    """The staircase through the points that none beats on both axes, from the most frugal to the best."""
    quality = np.array([-point.y for point in points])
    is_on_frontier = on_frontier(quality, np.array([point.x for point in points]))
    steps = sorted((point.x, point.y) for point, is_on in zip(points, is_on_frontier, strict=True) if is_on)
    segments = []
    for (x, y), (next_x, next_y) in pairwise(steps):
        segments += [Segment(x, y, next_x, y), Segment(next_x, y, next_x, next_y)]
    return segments


def place_labels(points: Sequence[ChartPoint]) -> list[LabelledPoint]:
    """The points, in their order, with the place of their labels; the likeliest frontier is placed first."""
    narrow = _free_sides(points, NARROW_PX, {})
    wide = _free_sides(points, WIDE_PX, narrow)
    rooms = {index: "any" if index in narrow else "wide" for index in wide}
    return [
        LabelledPoint(point, rooms.get(index, "pointed"), wide.get(index, point.x > CENTRE_PERCENT))
        for index, point in enumerate(points)
    ]


Box = tuple[float, float, float, float]  # left, top, right, bottom, in pixels


def _free_sides(
    points: Sequence[ChartPoint], size_px: tuple[int, int], placed: Mapping[int, bool]
) -> dict[int, bool]:
    """By index, whether a label is on the left, for labels that touch no other label, no mark and no edge.

    placed: the labels that keep their side.
    """
    marks = [_mark_box(point, size_px) for point in points]
    sides = dict(placed)
    labels = [label_box(points[index], size_px, on_left) for index, on_left in placed.items()]
    to_place = [
        index
        for index, point in enumerate(points)
        if point.chance >= MIN_LABELLED_CHANCE and index not in placed
    ]
    for index in sorted(to_place, key=lambda index: -points[index].chance):
        for on_left in (False, True):
            box = label_box(points[index], size_px, on_left)
            inside = box[0] >= 0 and box[2] <= size_px[0]
            others = (*labels, *marks[:index], *marks[index + 1 :])
            if inside and not any(overlap(box, other) for other in others):
                sides[index] = on_left
                labels.append(box)
                break
    return sides


def _mark_box(point: ChartPoint, size_px: tuple[int, int]) -> Box:
    x, y = point.x / 100 * size_px[0], point.y / 100 * size_px[1]
    return x - MARK_PX, y - MARK_PX, x + MARK_PX, y + MARK_PX


def label_box(point: ChartPoint, size_px: tuple[int, int], on_left: bool) -> Box:
    x, y = point.x / 100 * size_px[0], point.y / 100 * size_px[1]
    length = CHARACTER_PX * len(point.entry.model.name)
    left = x - LABEL_GAP_PX - length if on_left else x + LABEL_GAP_PX
    middle = y - LABEL_LIFT_PX
    return left, middle - LINE_PX / 2, left + length, middle + LINE_PX / 2


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
