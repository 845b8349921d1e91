"""The published leaderboards, their history, and who met whom."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Query, Router
from pydantic import BeforeValidator, Field

from api.endpoints import documents
from api.endpoints.pagination import PageQuery, page_fields
from api.name_lookup import find_model
from api.problems import invalid
from duels.votes.vote_reasons import vote_reasons
from leaderboard.models import Row, Snapshot, VoteSource
from leaderboard.pages import snapshots
from leaderboard.pages.downloads import ROW_COLUMNS, licences
from leaderboard.ranking.pairs import PairRecord
from models_registry.pages.catalogue import published_models

router = Router()
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
FIRST_YEAR = 2000  # before any vote, and in every database's calendar


def _check_day(value: Any) -> date:
    day = date.fromisoformat(value) if ISO_DAY.fullmatch(str(value)) else None
    if day is None or day.year < FIRST_YEAR:
        raise ValueError(f"must be a day such as 2026-11-29, from {FIRST_YEAR} on")
    return day


class ScopeQuery(PageQuery):
    votes: str | None = Field(
        None,
        min_length=1,
        max_length=60,
        description=_(
            "D’où viennent les votes : conso-duel, l’identifiant d’une autre arène, ou ensemble ; sans "
            "valeur, comme sur la page du classement."
        ),
    )


class BoardQuery(ScopeQuery):
    day: Annotated[date | None, BeforeValidator(_check_day)] = Field(
        None,
        description=_(
            "Le dernier classement de ce jour, ou du jour le plus proche avant lui ; sans valeur, le dernier."
        ),
    )


@dataclass(frozen=True, slots=True)
class Scope:
    """A source of votes: its slug, its newest leaderboard, and every arena."""

    slug: str
    newest: Snapshot | None
    sources: list[VoteSource]

    @property
    def licences(self) -> list[documents.DataLicence]:
        found = licences(self.slug, self.sources)
        return [documents.DataLicence.model_validate(each) for each in found]


@router.get(
    "/leaderboard",
    response=documents.Leaderboard,
    summary=_("Le classement"),
    description=_("Un classement publié, par score, avec ce que ses votes comptent et leurs licences."),
)
def leaderboard(
    request: HttpRequest, response: HttpResponse, query: Query[BoardQuery]
) -> documents.Leaderboard:
    scope = _scope(query.votes)
    snapshot = _snapshot(scope, query.day)
    names = _public_names()
    rows = [row for row in _rows(snapshot) if row.model_id in names]
    return documents.Leaderboard(
        **page_fields(request, response, len(rows), query),
        items=[_row(row, names[row.model_id]) for row in rows[query.window]],
        snapshot=_about(snapshot) if snapshot else None,
        counted_by_outcome=snapshot.outcomes if snapshot else {},
        excluded_by_reason=snapshot.excluded if snapshot else {},
        vote_reasons=[documents.VoteReason(**asdict(reason)) for reason in vote_reasons()],
        data_licences=scope.licences,
    )


@router.get(
    "/leaderboard/history",
    response=documents.Page[documents.Snapshot],
    summary=_("L’histoire du classement"),
    description=_("Les classements publiés, du plus récent au plus ancien ; chacun se lit par son jour."),
)
def leaderboard_history(
    request: HttpRequest, response: HttpResponse, query: Query[ScopeQuery]
) -> documents.Page[documents.Snapshot]:
    found = Snapshot.objects.filter(scope=_scope(query.votes).slug).defer("pairs")
    fields = page_fields(request, response, found.count(), query)
    return documents.Page(**fields, items=[_about(each) for each in found[query.window]])


@router.get(
    "/leaderboard/history/{path:name}",
    response=documents.ScoreHistory,
    summary=_("L’histoire d’un modèle"),
    description=_("Le score d’un modèle dans chaque classement publié, du plus récent au plus ancien."),
)
def model_history(
    request: HttpRequest, response: HttpResponse, name: str, query: Query[ScopeQuery]
) -> documents.ScoreHistory:
    model, scope = find_model(name), _scope(query.votes)
    rows = Row.objects.filter(model__slug=model.slug, snapshot__scope=scope.slug)
    rows = rows.select_related("snapshot").defer("snapshot__pairs").order_by("-snapshot__computed_at")
    return documents.ScoreHistory(
        **page_fields(request, response, rows.count(), query),
        items=[_score(row) for row in rows[query.window]],
        model=documents.ModelName(slug=model.slug, name=model.name),
        votes_of=scope.slug,
    )


@router.get(
    "/meetings",
    response=documents.Meetings,
    summary=_("Les rencontres"),
    description=_("Combien de votes comptés chaque paire de modèles a reçus, les plus fréquentes d’abord."),
)
def meetings(request: HttpRequest, response: HttpResponse, query: Query[BoardQuery]) -> documents.Meetings:
    scope = _scope(query.votes)
    snapshot = _snapshot(scope, query.day)
    names = _public_names()
    pairs = [PairRecord(*fields) for fields in snapshot.pairs] if snapshot else []
    known = [pair for pair in pairs if pair.first_id in names and pair.second_id in names]
    known.sort(key=lambda pair: (-_votes(pair), pair.first_id, pair.second_id))
    return documents.Meetings(
        **page_fields(request, response, len(known), query),
        items=[_meeting(pair, names) for pair in known[query.window]],
        snapshot=_about(snapshot) if snapshot else None,
        data_licences=scope.licences,
    )


def _scope(asked: str | None) -> Scope:
    """The votes that were asked for, or those that the page of the leaderboard shows."""
    sources, newest = list(VoteSource.objects.all()), snapshots.newest()
    names = snapshots.scope_names(sources, newest)
    default = snapshots.default_scope(newest[scope] for scope in names if scope in newest)
    slug = asked or default
    if slug not in names:
        raise invalid("votes", f"must be one of {', '.join(names)}")
    return Scope(slug, newest.get(slug), sources)


def _snapshot(scope: Scope, day: date | None) -> Snapshot | None:
    return snapshots.on_day(scope.slug, day) if day else scope.newest


def _rows(snapshot: Snapshot | None) -> Sequence[Row]:
    return list(snapshot.rows.order_by("-points", "model__slug")) if snapshot else []


def _public_names() -> dict[int, documents.ModelName]:
    """The published models by key: a leaderboard may hold one that was withdrawn since."""
    rows = published_models().values_list("pk", "slug", "name")
    return {key: documents.ModelName(slug=slug, name=name) for key, slug, name in rows}


def _about(snapshot: Snapshot) -> documents.Snapshot:
    return documents.Snapshot(
        votes_of=snapshot.scope,
        computed_at=snapshot.computed_at.isoformat(),
        day=timezone.localdate(snapshot.computed_at).isoformat(),
        counted_votes=snapshot.n_votes,
        ranking_method=snapshot.ranking_method,
        energy_method=snapshot.energy_method,
        energy_version=snapshot.energy_version,
    )


def _row(row: Row, name: documents.ModelName) -> documents.LeaderboardRow:
    columns = {column: getattr(row, column) for column in ROW_COLUMNS}
    return documents.LeaderboardRow(model=name, **columns, reasons=row.reasons)


def _score(row: Row) -> documents.Score:
    return documents.Score(
        day=timezone.localdate(row.snapshot.computed_at).isoformat(),
        votes=row.votes,
        points=row.points,
        points_low=row.points_low,
        points_high=row.points_high,
        best_rank=row.best_rank,
        worst_rank=row.worst_rank,
        wh_per_1000_mid=row.wh_per_1000_mid,
    )


def _votes(pair: PairRecord) -> int:
    return pair.first_wins + pair.second_wins + pair.ties + pair.both_bad


def _meeting(pair: PairRecord, names: dict[int, documents.ModelName]) -> documents.Meeting:
    return documents.Meeting(
        first=names[pair.first_id],
        second=names[pair.second_id],
        first_wins=pair.first_wins,
        second_wins=pair.second_wins,
        ties=pair.ties,
        both_bad=pair.both_bad,
    )
