"""One model over the snapshots: its score from day to day, as a table and as a drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from leaderboard.models import Row
from leaderboard.pages.chart import ScoreAxis
from leaderboard.pages.table import LeaderboardEntry
from models_registry.pages.model_summary import ModelSummary

MAX_DAYS = 120


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """A day on the drawing, in percent from the left and from the top."""

    entry: LeaderboardEntry
    x: float
    y: float
    y_low: float
    y_high: float


@dataclass(frozen=True, slots=True)
class ScoreHistory:
    """The last snapshot of each day, the newest first; the drawing goes from left to right."""

    days: list[LeaderboardEntry]
    places: list[HistoryPoint]
    score_ticks: list[tuple[float, str]]


def score_history(key: int, model: ModelSummary, scope: str) -> ScoreHistory:
    """The days on which the model of this key has a score in this scope, at most MOST_DAYS."""
    rows = Row.objects.filter(model=key, snapshot__scope=scope, points__isnull=False)
    rows = rows.select_related("snapshot").defer("snapshot__pairs")
    days: dict[date, Row] = {}
    for row in rows.order_by("-snapshot__computed_at").iterator():
        days.setdefault(timezone.localdate(row.snapshot.computed_at), row)
        if len(days) > MAX_DAYS:
            break
    return _plot([LeaderboardEntry(row, model) for row in list(days.values())[:MAX_DAYS]])


def _plot(newest_first: Sequence[LeaderboardEntry]) -> ScoreHistory:
    if not newest_first:
        return ScoreHistory([], [], [])
    rows = [entry.row for entry in newest_first]
    axis = ScoreAxis.around([end or 0.0 for row in rows for end in (row.points_low, row.points_high)])
    oldest, newest = (row.snapshot.computed_at for row in (rows[-1], rows[0]))
    places = [_point(entry, axis, oldest, newest) for entry in reversed(newest_first)]
    return ScoreHistory(list(newest_first), places, axis.ticks())


def _point(entry: LeaderboardEntry, axis: ScoreAxis, oldest: datetime, newest: datetime) -> HistoryPoint:
    """One day between the oldest, at the left, and the newest; a day alone stands at the left."""
    share = (entry.row.snapshot.computed_at - oldest) / (newest - oldest) if newest > oldest else 0.0
    heights = (entry.row.points, entry.row.points_low, entry.row.points_high)
    return HistoryPoint(entry, round(100 * share, 2), *(axis.percent(points or 0.0) for points in heights))
