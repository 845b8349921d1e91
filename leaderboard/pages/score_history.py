"""The score of one model from day to day, as a table and as a drawing."""

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
    """One day on the drawing, in percent from the left and from the top."""

    x: float
    y: float
    y_low: float
    y_high: float


@dataclass(frozen=True, slots=True)
class ScoreHistory:
    """The last snapshot of each day: `days` from the newest, `points` from the oldest, at the left."""

    days: list[LeaderboardEntry]
    points: list[HistoryPoint]
    score_ticks: list[tuple[float, str]]


def score_history(key: int, model: ModelSummary, scope: str) -> ScoreHistory:
    """The last MAX_DAYS days on which the model of this key has a score in this scope."""
    rows = Row.objects.filter(model=key, snapshot__scope=scope, points__isnull=False)
    rows = rows.select_related("snapshot").defer("snapshot__pairs")
    days: dict[date, Row] = {}
    for row in rows.order_by("-snapshot__computed_at").iterator():
        days.setdefault(timezone.localdate(row.snapshot.computed_at), row)
        if len(days) > MAX_DAYS:
            break
    newest_first = list(days.values())[:MAX_DAYS]
    if not newest_first:
        return ScoreHistory([], [], [])
    axis = ScoreAxis.around([end or 0.0 for row in newest_first for end in (row.points_low, row.points_high)])
    oldest, newest = newest_first[-1].snapshot.computed_at, newest_first[0].snapshot.computed_at
    points = [_point(row, axis, oldest, newest) for row in reversed(newest_first)]
    return ScoreHistory([LeaderboardEntry(row, model) for row in newest_first], points, axis.ticks())


def _point(row: Row, axis: ScoreAxis, oldest: datetime, newest: datetime) -> HistoryPoint:
    """The place of one day between the oldest and the newest; a single day is at the left."""
    share = (row.snapshot.computed_at - oldest) / (newest - oldest) if newest > oldest else 0.0
    heights = (row.points, row.points_low, row.points_high)
    return HistoryPoint(round(100 * share, 2), *(axis.percent(points or 0.0) for points in heights))
