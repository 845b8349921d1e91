"""What has been published: the newest snapshots, which of them is shown, and its entries."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import lru_cache

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

    Here and below, its pairs, thousands of numbers, are read only when they are asked for.
    """
    return {snapshot.scope: snapshot for snapshot in _newest_by_scope()}


@compiled_query
def _newest_by_scope() -> QuerySet[Snapshot]:
    age = Window(RowNumber(), partition_by="scope", order_by="-computed_at")
    return Snapshot.objects.defer("pairs").alias(age=age).filter(age=1)


def on_day(scope: str, day: date) -> Snapshot | None:
    """The last snapshot of that day, or of the latest day before it."""
    return Snapshot.objects.filter(scope=scope, computed_at__date__lte=day).defer("pairs").first()


def scope_names(sources: Iterable[VoteSource], published: Collection[str]) -> dict[str, str]:
    """The scopes that have a snapshot, with their names; before the first one, our own."""
    own = {OWN_SCOPE: _("Conso Duel")}
    names = own | {source.slug: source.name for source in sources}
    names[WHOLE_SCOPE] = _("Toutes les sources ensemble")
    return {scope: name for scope, name in names.items() if scope in published} or own


def default_scope(newest: Iterable[Snapshot]) -> str:
    """What is shown unless asked otherwise: our own votes if they list a model, else those that say most."""
    says_most = max(
        newest, key=lambda one: (not one.ranked_below_threshold, one.scope == OWN_SCOPE), default=None
    )
    return says_most.scope if says_most else OWN_SCOPE


def entries(snapshot: Snapshot) -> list[LeaderboardEntry]:
    """Every model of a snapshot, by score."""
    models = load_summaries(LanguageModel.objects.filter(leaderboard_rows__snapshot=snapshot))
    return [LeaderboardEntry(row, models[row.model_id]) for row in _rows(snapshot.pk, snapshot.computed_at)]


@lru_cache(maxsize=16)
def _rows(snapshot_id: int, computed_at: datetime) -> tuple[Row, ...]:
    """The rows of a snapshot, by score; once published, they stay what they are.

    computed_at: tells two databases of one process apart, should they number their snapshots alike.
    """
    return tuple(Row.objects.filter(snapshot=snapshot_id))
