"""The graph of quality against energy, as places on a drawing: in percent, so that it fits any width."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from leaderboard.board import Line, percent_label
from leaderboard.ranking import SHARED_ENERGY_FACTOR
from models_registry.axis import Axis
from models_registry.figures import whole
from science.energy import Interval
from science.ranking.frontier import on_frontier

# Sizes in pixels of the drawing on a wide and on a narrow page, to see which names have room.
WIDE_PX = (1040, 460)
NARROW_PX = (270, 420)
CHARACTER_PX = 7
LINE_PX = 17
LABEL_GAP_PX = 9

FAINTEST = 0.3  # a model that is surely not on the frontier still has to be seen
NAMED_FROM = 0.05  # chance of the frontier from which a name matters
MARGIN_POINTS = 60
STEPS_POINTS = (20, 50, 100, 200, 500, 1000)
MOST_STEPS = 6


@dataclass(frozen=True, slots=True)
class Point:
    """One model: its place and the ends of its intervals, in percent from the left and from the top."""

    line: Line
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
        return round(FAINTEST + (1 - FAINTEST) * self.chance, 2)

    @property
    def chance_label(self) -> str:
        return percent_label(self.chance)

    @property
    def label_on_left(self) -> bool:
        return self.x > 60


@dataclass(frozen=True, slots=True)
class NamedPoint:
    """A point and where its name has room: on any page, on a wide one, or only when it is pointed at."""

    point: Point
    room: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the frontier, in percent."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that is drawn; ticks are places and names."""

    points: list[NamedPoint]
    frontier: list[Segment]
    energy_ticks: list[tuple[float, str]]
    score_ticks: list[tuple[float, str]]


@dataclass(frozen=True, slots=True)
class ScoreAxis:
    """From low at the bottom to high at the top, in points."""

    low: float
    high: float

    @classmethod
    def around(cls, points: Sequence[float]) -> "ScoreAxis":
        """The scores with some room; intervals may go beyond and are cut."""
        return cls(min(points) - MARGIN_POINTS, max(points) + MARGIN_POINTS)

    def percent(self, points: float) -> float:
        share = (self.high - min(max(points, self.low), self.high)) / (self.high - self.low)
        return round(100 * share, 2)

    def ticks(self) -> list[tuple[float, str]]:
        span = self.high - self.low
        step = next((size for size in STEPS_POINTS if span / size <= MOST_STEPS), STEPS_POINTS[-1])
        first = math.ceil(self.low / step)
        values = [step * number for number in range(first, math.floor(self.high / step) + 1)]
        return [(self.percent(value), whole(value)) for value in values]


def chart(every: Iterable[Line], per: str) -> Chart | None:
    """The graph of the lines whose score and energy are known; None with fewer than two."""
    known = [(line, energy) for line in every if (energy := line.energy(per)) and line.row.points is not None]
    if len(known) < 2:
        return None
    own = [own_doubt(energy) for _line, energy in known]
    energies, scores = Axis.around(own), ScoreAxis.around([line.row.points or 0.0 for line, _energy in known])
    points = [_point(line, own, per, energies, scores) for (line, _), own in zip(known, own, strict=True)]
    points.sort(key=lambda point: point.y)
    return Chart(named(points), frontier_line(points), energies.ticks(), scores.ticks())


def own_doubt(energy: Interval) -> Interval:
    """The range without what is common to all models: that part would move all the points together."""
    low = min(energy.low * SHARED_ENERGY_FACTOR, energy.mid)
    return Interval(low, energy.mid, max(energy.high / SHARED_ENERGY_FACTOR, energy.mid))


def _point(line: Line, energy: Interval, per: str, energies: Axis, scores: ScoreAxis) -> Point:
    row, band = line.row, energies.band(energy)
    middle = row.points or 0.0
    return Point(
        line=line,
        energy=energy,
        chance=line.frontier_chance(per) or 0.0,
        x=band.mid_percent,
        x_low=band.low_percent,
        x_high=band.high_percent,
        y=scores.percent(middle),
        y_low=scores.percent(row.points_low if row.points_low is not None else middle),
        y_high=scores.percent(row.points_high if row.points_high is not None else middle),
    )


def frontier_line(points: Sequence[Point]) -> list[Segment]:
    """Steps through the middles that nobody beats on both counts, from the most frugal to the best."""
    quality = np.array([-point.y for point in points])
    standing = on_frontier(quality, np.array([point.x for point in points]))
    steps = sorted((point.x, point.y) for point, stands in zip(points, standing, strict=True) if stands)
    segments = []
    for (x, y), (next_x, next_y) in pairwise(steps):
        segments += [Segment(x, y, next_x, y), Segment(next_x, y, next_x, next_y)]
    return segments


def named(points: Sequence[Point]) -> list[NamedPoint]:
    """The points in their order, each told where its name has room; likely frontiers are served first."""
    wide, narrow = _with_room(points, WIDE_PX), _with_room(points, NARROW_PX)
    rooms = {place: "any" if place in narrow else "wide" for place in wide}
    return [NamedPoint(point, rooms.get(place, "pointed")) for place, point in enumerate(points)]


Box = tuple[float, float, float, float]


def _with_room(points: Sequence[Point], size_px: tuple[int, int]) -> set[int]:
    """The places of the points whose names can be written without touching another name, or the edge."""
    written: list[Box] = []
    found = set()
    for place in sorted(range(len(points)), key=lambda place: -points[place].chance):
        box = _label_box(points[place], size_px)
        fits = box[0] >= 0 and box[2] <= size_px[0]
        if points[place].chance >= NAMED_FROM and fits and not any(_overlap(box, other) for other in written):
            written.append(box)
            found.add(place)
    return found


def _label_box(point: Point, size_px: tuple[int, int]) -> Box:
    """Left, top, right, bottom of the name beside the point, in pixels."""
    width, height = size_px
    length = CHARACTER_PX * len(point.line.model.name)
    middle_x, middle_y = point.x / 100 * width, point.y / 100 * height
    left = middle_x - LABEL_GAP_PX - length if point.label_on_left else middle_x + LABEL_GAP_PX
    return left, middle_y - LINE_PX / 2, left + length, middle_y + LINE_PX / 2


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
