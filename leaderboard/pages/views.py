"""The leaderboard's pages; all of them only read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from duels.reveal.labels import method_label
from leaderboard.ballots.collect import MAX_VOTES_PER_VOTER
from leaderboard.models import ESTABLISHED_FROM, LISTED_FROM, OWN_SCOPE, Snapshot, VoteSource
from leaderboard.pages import downloads, snapshots
from leaderboard.pages.chart import build_chart
from leaderboard.pages.forms import BoardForm, sort_headers
from leaderboard.pages.head_to_head import matrix, opponents
from leaderboard.pages.score_history import score_history
from leaderboard.pages.summaries import (
    excluded_counts,
    outcome_counts,
    reason_names,
    reason_rows,
    shift_rows,
    shift_table,
    style_effects,
)
from leaderboard.pages.table import BoardOrder, BoardQuery, LeaderboardEntry, apply_query
from models_registry.models import LanguageModel
from models_registry.pages.model_summary import ModelSummary, load_summaries
from science.energy import method_named
from web.page_cache import cached_page

BOARD = "leaderboard/board.html"


@dataclass(frozen=True)
class ParsedQuery:
    """What is shown, the snapshot that shows it, and what the address has to ask for to show it again."""

    form: BoardForm
    wanted: BoardQuery
    snapshot: Snapshot | None
    here: BoardQuery
    scopes: dict[str, str]
    sources: list[VoteSource]

    @property
    def status(self) -> HTTPStatus:
        return HTTPStatus.BAD_REQUEST if self.form.errors else HTTPStatus.OK

    def context(self) -> dict[str, Any]:
        """What every page of the leaderboard shows around its own part."""
        return {
            "form": self.form,
            "wanted": self.wanted,
            "snapshot": self.snapshot,
            "scope_name": self.scopes[self.wanted.votes],
            "address": QueryDict(self.here.query_string()),
            "listed_from": LISTED_FROM,
            "established_from": ESTABLISHED_FROM,
        }


def parse_query(request: HttpRequest) -> ParsedQuery:
    """The form of this address, with the usual votes where none are named."""
    sources, newest = list(VoteSource.objects.all()), snapshots.newest()
    scopes = snapshots.scope_names(sources, newest)
    usual = snapshots.default_scope(newest[scope] for scope in scopes if scope in newest)
    fields = request.GET.copy()
    fields["votes"] = fields.get("votes") or usual
    form = BoardForm(scopes, fields)
    wanted = form.wanted()
    here = replace(wanted, votes="" if wanted.votes == usual else wanted.votes)
    wanted = replace(wanted, votes=wanted.votes or usual)
    day, votes = wanted.day, wanted.votes
    snapshot = snapshots.on_day(votes, day) if day else newest.get(votes)
    return ParsedQuery(form, wanted, snapshot, here, scopes, sources)


def require_snapshot(request: HttpRequest) -> tuple[ParsedQuery, Snapshot]:
    """The same; not found where there is no snapshot."""
    view = parse_query(request)
    if view.snapshot is None:
        raise Http404
    return view, view.snapshot


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    view = parse_query(request)
    if view.snapshot is None:
        response = render(request, BOARD, view.context(), status=view.status)
    else:
        every = snapshots.entries(view.snapshot)
        response = _render_board(request, view, view.snapshot, every)
    return push_url(response, f"{request.path}?{view.here.query_string()}".rstrip("?"))


def _render_board(
    request: HttpRequest, view: ParsedQuery, snapshot: Snapshot, every: Sequence[LeaderboardEntry]
) -> HttpResponse:
    """From memory where the address asks for nothing: then it follows from the entries and the sources."""

    def context() -> dict[str, Any]:
        return view.context() | _board_context(view, snapshot, every)

    if request.GET:
        return render(request, BOARD, context(), status=view.status)
    sources = [(source.slug, source.name, source.link, source.licence) for source in view.sources]
    entries = tuple(entry.cache_key for entry in every)
    key = (snapshot.pk, snapshot.computed_at, entries, tuple(view.scopes.items()), tuple(sources))
    return cached_page(request, BOARD, key, context, {"csrf_token": get_token(request)})


def _board_context(
    view: ParsedQuery, snapshot: Snapshot, every: Sequence[LeaderboardEntry]
) -> dict[str, Any]:
    shown = apply_query(every, view.wanted)
    return {
        "entries": shown,
        "headings": sort_headers(view.wanted, view.here),
        "orders": BoardOrder,
        "total": len(every),
        "energy_method": method_label(method_named(snapshot.energy_method)),
        "listed": sum(entry.row.votes >= LISTED_FROM for entry in every),
        "by_votes": sorted(every, key=lambda entry: -entry.row.votes),
        "chart": build_chart(shown, view.wanted.energy),
        "has_style": any(entry.row.style_points is not None for entry in every),
        "has_answers": any(entry.row.median_tokens is not None for entry in every),
        "style": style_effects(snapshot),
        "outcomes": outcome_counts(snapshot),
        "excluded": excluded_counts(snapshot),
        "votes_per_voter": MAX_VOTES_PER_VOTER,
        "sources": view.sources,
        "licences": downloads.licences(snapshot.scope, view.sources),
    }


@require_safe
def duels(request: HttpRequest) -> HttpResponse:
    """Who met whom, why readers liked what, and what the reveal changed."""
    view, snapshot = require_snapshot(request)
    every = snapshots.entries(snapshot)
    context = view.context() | {
        "matrix": matrix(snapshot, every),
        "reasons": reason_rows(every),
        "reason_names": reason_names(),
        "shift_table": shift_table(snapshot),
        "shifts": shift_rows(every),
        "total": len(every),
    }
    return render(request, "leaderboard/duels.html", context, status=view.status)


@require_safe
def model(request: HttpRequest, slug: str) -> HttpResponse:
    """One model: its opponents in the snapshot asked for, and its score from day to day."""
    view, snapshot = require_snapshot(request)
    every = snapshots.entries(snapshot)
    key, model = _get_model(slug)
    entry = next((entry for entry in every if entry.row.model_id == key), None)
    context = view.context() | {
        "model": model,
        "entry": entry,
        "history": score_history(key, model, view.wanted.votes),
        "opponents": opponents(snapshot, entry, every) if entry else [],
    }
    return render(request, "leaderboard/model.html", context, status=view.status)


def _get_model(slug: str) -> tuple[int, ModelSummary]:
    """The key and the profile of the model of this slug; not found where there is none."""
    found = load_summaries(LanguageModel.objects.filter(slug=slug))
    if not found:
        raise Http404
    return found.popitem()


@require_safe
def board_csv(request: HttpRequest) -> HttpResponse:
    _view, snapshot = require_snapshot(request)
    response = HttpResponse(downloads.snapshot_csv(snapshot), content_type="text/csv; charset=utf-8")
    return _as_attachment(response, snapshot, "csv")


@require_safe
def board_json(request: HttpRequest) -> HttpResponse:
    _view, snapshot = require_snapshot(request)
    return _as_attachment(JsonResponse(downloads.snapshot_json(snapshot)), snapshot, "json")


def _as_attachment(response: HttpResponse, snapshot: Snapshot, suffix: str) -> HttpResponse:
    day = timezone.localdate(snapshot.computed_at).isoformat()
    response["Content-Disposition"] = f'attachment; filename="conso-duel-{snapshot.scope}-{day}.{suffix}"'
    if snapshot.scope == OWN_SCOPE:  # of other arenas, the licence is known by its name alone
        response["Link"] = f'<{downloads.LICENCE_URL}>; rel="license"'
    return response
