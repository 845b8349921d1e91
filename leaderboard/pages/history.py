"""One model over the snapshots: its score from day to day, as a table and as a drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from leaderboard.models import Row
from leaderboard.pages.chart import ScoreAxis
from leaderboard.pages.table import Line
from models_registry.pages.model_summary import ModelSummary

MOST_DAYS = 120


@dataclass(frozen=True, slots=True)
class Place:
    """A day on the drawing, in percent from the left and from the top."""

    line: Line
    x: float
    y: float
    y_low: float
    y_high: float


@dataclass(frozen=True, slots=True)
class History:
    """The last snapshot of each day, the newest first; the drawing goes from left to right."""

    days: list[Line]
    places: list[Place]
    score_ticks: list[tuple[float, str]]


def history(key: int, model: ModelSummary, scope: str) -> History:
    """The days on which the model of this key has a score in this scope, at most MOST_DAYS."""
    rows = Row.objects.filter(model=key, snapshot__scope=scope, points__isnull=False)
    rows = rows.select_related("snapshot").defer("snapshot__pairs")
    days: dict[date, Row] = {}
    for row in rows.order_by("-snapshot__computed_at").iterator():
        days.setdefault(timezone.localdate(row.snapshot.computed_at), row)
        if len(days) > MOST_DAYS:
            break
    return _drawn([Line(row, model) for row in list(days.values())[:MOST_DAYS]])


def _drawn(newest_first: Sequence[Line]) -> History:
    if not newest_first:
        return History([], [], [])
    rows = [line.row for line in newest_first]
    axis = ScoreAxis.around([end or 0.0 for row in rows for end in (row.points_low, row.points_high)])
    oldest, newest = (row.snapshot.computed_at for row in (rows[-1], rows[0]))
    places = [_place(line, axis, oldest, newest) for line in reversed(newest_first)]
    return History(list(newest_first), places, axis.ticks())


def _place(line: Line, axis: ScoreAxis, oldest: datetime, newest: datetime) -> Place:
    """One day between the oldest, at the left, and the newest; a day alone stands at the left."""
    share = (line.row.snapshot.computed_at - oldest) / (newest - oldest) if newest > oldest else 0.0
    heights = (line.row.points, line.row.points_low, line.row.points_high)
    return Place(line, round(100 * share, 2), *(axis.percent(points or 0.0) for points in heights))
