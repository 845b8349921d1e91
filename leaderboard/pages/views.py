"""The pages and downloads of the leaderboard; all are read-only."""

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

from duels.reveal.ratio_labels import method_label
from leaderboard.ballots.collect import MAX_VOTES_PER_VOTER
from leaderboard.models import ESTABLISHED_FROM, LISTED_FROM, OWN_SCOPE, Snapshot, VoteSource
from leaderboard.pages import downloads, snapshots
from leaderboard.pages.chart import Chart, build_chart, highlight
from leaderboard.pages.forms import BoardForm, sort_headers
from leaderboard.pages.head_to_head import matrix, opponents
from leaderboard.pages.overview import build_overview
from leaderboard.pages.score_history import score_history
from leaderboard.pages.summaries import (
    excluded_counts,
    outcome_counts,
    reason_table,
    set_aside_rows,
    shift_rows,
    shift_table,
    style_effects,
)
from leaderboard.pages.table import (
    BoardOrder,
    BoardQuery,
    LeaderboardEntry,
    MinVotes,
    apply_query,
)
from models_registry.models import LanguageModel, Licence
from models_registry.pages.model_summary import load_summaries
from science.energy import method_named
from web.page_cache import cached_page
from web.phone_screens import phone_screens

BOARD = "leaderboard/board.html"


@dataclass(frozen=True)
class ParsedQuery:
    """The query of an address, parsed.

    query: the filters, with the default scope where the address names none.
    link_query: the same without the default scope, for links to this view.
    """

    form: BoardForm
    query: BoardQuery
    snapshot: Snapshot | None
    link_query: BoardQuery
    scopes: dict[str, str]
    sources: list[VoteSource]

    @property
    def status(self) -> HTTPStatus:
        return HTTPStatus.BAD_REQUEST if self.form.errors else HTTPStatus.OK

    def context(self) -> dict[str, Any]:
        """The context common to all pages of the leaderboard."""
        return {
            "form": self.form,
            "query": self.query,
            "snapshot": self.snapshot,
            "scope_name": self.scopes[self.query.votes],
            "address": QueryDict(self.link_query.query_string()),
            "listed_from": LISTED_FROM,
            "established_from": ESTABLISHED_FROM,
        }


def parse_query(request: HttpRequest) -> ParsedQuery:
    sources, newest = list(VoteSource.objects.all()), snapshots.newest()
    scopes = snapshots.scope_names(sources, newest)
    default = snapshots.default_scope(newest[scope] for scope in scopes if scope in newest)
    fields = request.GET.copy()
    fields["votes"] = fields.get("votes") or default
    form = BoardForm(scopes, fields)
    query = form.query()
    scope = query.votes or default  # empty where the address names an unknown scope
    link_query = replace(query, votes="" if query.votes == default else query.votes)
    snapshot = snapshots.on_day(scope, query.day) if query.day else newest.get(scope)
    return ParsedQuery(form, replace(query, votes=scope), snapshot, link_query, scopes, sources)


def require_snapshot(request: HttpRequest) -> tuple[ParsedQuery, Snapshot]:
    """The query and its snapshot; raises Http404 when there is none."""
    parsed = parse_query(request)
    if parsed.snapshot is None:
        raise Http404
    return parsed, parsed.snapshot


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    parsed = parse_query(request)
    if parsed.snapshot is None:
        response = render(request, BOARD, parsed.context(), status=parsed.status)
    else:
        entries = snapshots.entries(parsed.snapshot)
        response = _render_board(request, parsed, parsed.snapshot, entries)
    return push_url(response, f"{request.path}?{parsed.link_query.query_string()}".rstrip("?"))


def _render_board(
    request: HttpRequest, parsed: ParsedQuery, snapshot: Snapshot, entries: Sequence[LeaderboardEntry]
) -> HttpResponse:
    """The page, cached for an address without parameters."""

    def context() -> dict[str, Any]:
        return parsed.context() | _board_context(parsed, snapshot, entries)

    if request.GET:
        return render(request, BOARD, context(), status=parsed.status)
    sources = [(source.slug, source.name, source.link, source.licence) for source in parsed.sources]
    entry_keys = tuple(entry.cache_key for entry in entries)
    key = (snapshot.pk, snapshot.computed_at, entry_keys, tuple(parsed.scopes.items()), tuple(sources))
    return cached_page(request, BOARD, key, context, {"csrf_token": get_token(request)})


def _board_context(
    parsed: ParsedQuery, snapshot: Snapshot, entries: Sequence[LeaderboardEntry]
) -> dict[str, Any]:
    listed = sum(entry.row.votes >= LISTED_FROM for entry in entries)
    is_new = not listed and not parsed.query.enough
    query = replace(parsed.query, enough=MinVotes.EVERY) if is_new else parsed.query
    shown, pool = apply_query(entries, query), apply_query(entries, replace(query, words=""))
    return {
        "entries": shown,
        "screens": phone_screens(shown),
        "is_new": is_new,
        "overview": None if query.enough == MinVotes.EVERY else build_overview(pool),
        "headings": sort_headers(parsed.query, parsed.link_query),
        "orders": BoardOrder,
        "total": len(entries),
        "energy_method": method_label(method_named(snapshot.energy_method)),
        "by_votes": sorted(entries, key=lambda entry: -entry.row.votes),
        "chart": _chart(pool, query),
        "licence_kinds": Licence.Kind.choices,
        "has_style": any(entry.row.style_points is not None for entry in entries),
        "has_answers": any(entry.row.median_tokens is not None for entry in entries),
        "style": style_effects(snapshot),
        "outcomes": outcome_counts(snapshot),
        "excluded": excluded_counts(snapshot),
        "set_asides": set_aside_rows(snapshot),
        "votes_per_voter": MAX_VOTES_PER_VOTER,
        "sources": parsed.sources,
        "licences": downloads.licences(snapshot.scope, parsed.sources),
    }


def _chart(pool: Sequence[LeaderboardEntry], query: BoardQuery) -> Chart | None:
    """The chart of all models but for those other filters leave out: a search moves no frontier."""
    chart = build_chart(pool, query.energy)
    return highlight(chart, query.words) if chart and query.words else chart


@require_safe
def duels(request: HttpRequest) -> HttpResponse:
    """Head-to-head results, reasons given by readers, and preference shifts after the reveal."""
    parsed, snapshot = require_snapshot(request)
    entries = snapshots.entries(snapshot)
    reason_columns, reasons = reason_table(entries)
    context = parsed.context() | {
        "matrix": matrix(snapshot, entries),
        "reason_columns": reason_columns,
        "reasons": reasons,
        "shift_table": shift_table(snapshot),
        "shifts": shift_rows(entries),
        "total": len(entries),
    }
    return render(request, "leaderboard/duels.html", context, status=parsed.status)


@require_safe
def model(request: HttpRequest, slug: str) -> HttpResponse:
    """One model: its opponents in the snapshot, and its score from day to day."""
    parsed, snapshot = require_snapshot(request)
    entries = snapshots.entries(snapshot)
    summaries = load_summaries(LanguageModel.objects.filter(slug=slug))
    if not summaries:
        raise Http404
    [(key, model)] = summaries.items()
    entry = next((entry for entry in entries if entry.row.model_id == key), None)
    context = parsed.context() | {
        "model": model,
        "entry": entry,
        "history": score_history(key, model, parsed.query.votes),
        "opponents": opponents(snapshot, entry, entries) if entry else [],
    }
    return render(request, "leaderboard/model.html", context, status=parsed.status)


@require_safe
def board_csv(request: HttpRequest) -> HttpResponse:
    _parsed, snapshot = require_snapshot(request)
    response = HttpResponse(downloads.snapshot_csv(snapshot), content_type="text/csv; charset=utf-8")
    return _as_attachment(response, snapshot, "csv")


@require_safe
def board_json(request: HttpRequest) -> HttpResponse:
    _parsed, snapshot = require_snapshot(request)
    return _as_attachment(JsonResponse(downloads.snapshot_json(snapshot)), snapshot, "json")


def _as_attachment(response: HttpResponse, snapshot: Snapshot, suffix: str) -> HttpResponse:
    day = timezone.localdate(snapshot.computed_at).isoformat()
    response["Content-Disposition"] = f'attachment; filename="conso-duel-{snapshot.scope}-{day}.{suffix}"'
    if snapshot.scope == OWN_SCOPE:  # other arenas state their licence by name only
        response["Link"] = f'<{downloads.LICENCE_URL}>; rel="license"'
    return response
