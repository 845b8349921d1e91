"""The rows of the tables that hold no duel: models, leaderboard, reasons, what was removed."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.db.models.functions import TruncMonth
from django.utils import timezone

from duels.models import VoteReason
from leaderboard.models import OWN_SCOPE, Snapshot
from models_registry.models import LanguageModel
from open_data.columns import LEADERBOARD, MODELS, REASONS
from open_data.models import PublishedDuel


def model_rows() -> Iterator[dict[str, Any]]:
    """Every model of the registry that is no draft."""
    public = LanguageModel.objects.exclude(status=LanguageModel.Status.DRAFT).order_by("slug")
    for model in public.select_related("organisation", "licence").prefetch_related("sources"):
        own = {
            "model": model.slug,
            "organisation": model.organisation.name,
            "licence": model.licence.name,
            "release_date": model.release_date.isoformat() if model.release_date else None,
            "aliases": sorted(model.aliases),
            "sources": sorted({source.link for source in model.sources.all()}),
        }
        names = [column.name for column in MODELS.columns if column.name not in own]
        yield own | {name: getattr(model, name) for name in names}


def last_snapshots(now: datetime) -> dict[str, Snapshot]:
    """The last snapshot of our own votes in each month that is over."""
    month_start = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    over = Snapshot.objects.filter(scope=OWN_SCOPE, computed_at__lt=month_start)
    dated = over.annotate(month=TruncMonth("computed_at")).order_by("computed_at")
    return {f"{snapshot.month:%Y-%m}": snapshot for snapshot in dated}


def leaderboard_rows(month: str, snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    shared = {
        "month": month,
        "computed_at": timezone.localtime(snapshot.computed_at).isoformat(timespec="minutes"),
        "ranking_method": snapshot.ranking_method,
        "energy_method": f"{snapshot.energy_method} {snapshot.energy_version}",
    }
    names = [column.name for column in LEADERBOARD.columns if column.name not in ("model", *shared)]
    for row in snapshot.rows.select_related("model").order_by("model__slug"):
        figures = {name: getattr(row, name) for name in names}
        yield {"model": row.model.slug} | shared | figures | {"standing": str(row.standing)}


def reason_rows() -> Iterator[dict[str, Any]]:
    """Every reason that curators have written, disabled ones too."""
    names = [column.name for column in REASONS.columns]
    yield from VoteReason.objects.order_by("code").values(*names)


def removed_rows(published: Collection[int], with_texts: Collection[int]) -> Iterator[dict[str, str]]:
    """The rows of an earlier release that this one lacks. Both arguments: keys of PublishedDuel."""
    for each in PublishedDuel.objects.order_by("code"):
        if each.pk not in published:
            yield {"code": each.code, "month": each.month, "removed": "vote"}
        elif each.with_texts and each.pk not in with_texts:
            yield {"code": each.code, "month": each.month, "removed": "texts"}
