"""Load published snapshots: the newest of each scope, that of a day, and the entries of one."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import lru_cache

from django.conf import settings
from django.db.models import QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from leaderboard.models import OWN_SCOPE, WHOLE_SCOPE, Row, Snapshot, VoteSource
from leaderboard.pages.table import LeaderboardEntry
from models_registry.models import LanguageModel
from models_registry.pages.model_summary import load_summaries
from web.compiled_query import compiled_query


def newest() -> dict[str, Snapshot]:
    """The newest snapshot of each scope that has one.

    Here and below, `pairs` is deferred: it holds thousands of numbers that few pages need.
    """
    return {snapshot.scope: snapshot for snapshot in _newest_by_scope()}


@compiled_query
def _newest_by_scope() -> QuerySet[Snapshot]:
    age = Window(RowNumber(), partition_by="scope", order_by="-computed_at")
    return Snapshot.objects.defer("pairs").alias(age=age).filter(age=1)


def on_day(scope: str, day: date) -> Snapshot | None:
    """The last snapshot of that day or, if it has none, of the latest day before."""
    return Snapshot.objects.filter(scope=scope, computed_at__date__lte=day).defer("pairs").first()


def scope_names(sources: Iterable[VoteSource], published: Collection[str]) -> dict[str, str]:
    """The names of the scopes that have a snapshot; our own scope when none has."""
    own = {OWN_SCOPE: str(settings.SITE_NAME)}
    names = own | {source.slug: source.name for source in sources}
    names[WHOLE_SCOPE] = _("Toutes les sources ensemble")
    return {scope: name for scope, name in names.items() if scope in published} or own


def default_scope(newest: Iterable[Snapshot]) -> str:
    """The scope shown by default: one that lists models before one that lists none, ours before others."""
    best = max(
        newest, key=lambda each: (not each.ranked_below_threshold, each.scope == OWN_SCOPE), default=None
    )
    return best.scope if best else OWN_SCOPE


def entries(snapshot: Snapshot) -> list[LeaderboardEntry]:
    """Every model of a snapshot, by score."""
    models = load_summaries(LanguageModel.objects.filter(leaderboard_rows__snapshot=snapshot))
    return [LeaderboardEntry(row, models[row.model_id]) for row in _rows(snapshot.pk, snapshot.computed_at)]


@lru_cache(maxsize=16)
def _rows(snapshot_id: int, computed_at: datetime) -> tuple[Row, ...]:
    """The rows of a snapshot, by score; they never change once published.

    computed_at: part of the cache key, since two databases of one process may use the same ids.
    """
    return tuple(Row.objects.filter(snapshot=snapshot_id))
