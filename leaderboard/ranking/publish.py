"""Compute and store snapshots of the leaderboard, and prune the old ones."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, Count, Value, When
from django.utils import timezone

from duels.candidates import store_vote_counts
from leaderboard.ballots.collect import collect
from leaderboard.ballots.set_aside import published_set_asides
from leaderboard.models import OWN_SCOPE, SET_ASIDE, WHOLE_SCOPE, Ballot, Row, Snapshot, VoteSource
from leaderboard.ranking.aggregate import count_pairs, styled_votes
from leaderboard.ranking.fingerprint import fingerprint
from leaderboard.ranking.pairs import pair_records
from leaderboard.ranking.reasons import reasons_by_model
from leaderboard.ranking.rows import SnapshotInputs, build_rows, score_columns, snapshot_inputs, style_columns
from leaderboard.ranking.score import RANKING_METHOD, Scores, StyledScores, score, score_at_equal_style
from leaderboard.ranking.second_votes import (
    SecondVotePair,
    count_second_votes,
    preference_table,
    shift_by_model,
)
from models_registry.models import LanguageModel
from science.energy import DEFAULT_METHOD, method_named
from science.ranking.contextual import Undetermined
from science.ranking.covariance import TooFewVoters
from science.ranking.newton import NotConverged

logger = logging.getLogger(__name__)

ReasonCounts = Mapping[int, Mapping[str, int]]  # by key of model, how often each was given

KEEP_ALL_FOR = timedelta(days=7)  # of older snapshots, only the last of each day stays


def compute_due(force: bool = False) -> list[Snapshot]:
    """Store a snapshot of every scope whose figures have changed, or of all when forced."""
    collect()
    due = [scope for scope in scopes() if force or _has_changed(scope)]
    published = [snapshot for scope in due if (snapshot := create_snapshot(scope))]
    prune_snapshots(timezone.now())
    return published


def scopes() -> list[str]:
    """Our own duels; with imported votes, also each arena and all together."""
    imported = list(VoteSource.objects.values_list("slug", flat=True))
    return [OWN_SCOPE, *imported, WHOLE_SCOPE] if imported else [OWN_SCOPE]


def _has_changed(scope: str) -> bool:
    """Whether a snapshot computed now would differ from the latest."""
    latest = Snapshot.objects.filter(scope=scope).first()
    if latest is None:
        return True
    published = (latest.outcomes, latest.excluded, latest.ranking_method, latest.energy_version)
    if published != (*count_outcomes(scope), RANKING_METHOD, method_named(DEFAULT_METHOD).version):
        return True
    if latest.set_asides != published_set_asides(scope):
        return True
    models = LanguageModel.objects.filter(leaderboard_rows__snapshot=latest)
    return latest.inputs_fingerprint != fingerprint(models, *_reader_feedback(scope))


def _reader_feedback(scope: str) -> tuple[ReasonCounts, list[SecondVotePair]]:
    """Readers' reasons by model, and second votes; an imported arena has neither."""
    return (reasons_by_model(), count_second_votes()) if scope in (OWN_SCOPE, WHOLE_SCOPE) else ({}, [])


def count_outcomes(scope: str) -> tuple[dict[str, int], dict[str, int]]:
    """Counted ballots by outcome, and the others by the reason why they do not count."""
    outcomes: dict[str, int] = {}
    excluded: dict[str, int] = {}
    why = Case(
        When(excluded_reason="", set_aside__isnull=False, then=Value(SET_ASIDE)), default="excluded_reason"
    )
    grouped = Ballot.objects.in_scope(scope).values_list(why, "outcome").order_by()
    for reason, outcome, number in grouped.annotate(Count("pk")):
        counter, key = (excluded, reason) if reason else (outcomes, outcome)
        counter[key] = counter.get(key, 0) + number
    return outcomes, excluded


@transaction.atomic
def create_snapshot(scope: str) -> Snapshot | None:
    """Store the snapshot of a scope with its rows; None when no vote counts yet."""
    counts = count_pairs(scope)
    if counts is None:
        return None
    inputs = snapshot_inputs(counts)
    styled = _styled_scores(scope, inputs)
    reasons, second_votes = _reader_feedback(scope)
    snapshot = _store_snapshot(scope, inputs, styled, reasons, second_votes)
    rows = build_rows(
        snapshot, inputs, [score_columns(inputs, _scores(inputs)), style_columns(inputs, styled)]
    )
    shifts = shift_by_model(second_votes)
    for row in rows:
        row.reasons = reasons.get(row.model_id, {})
        row.shift = shifts.get(row.model_id, {})
    Row.objects.bulk_create(rows)
    if scope == OWN_SCOPE:
        store_vote_counts({row.model_id: row.votes for row in rows})
    logger.info("leaderboard %s: %s votes, %s models", scope, snapshot.n_votes, len(rows))
    return snapshot


def _store_snapshot(
    scope: str,
    inputs: SnapshotInputs,
    styled: StyledScores | None,
    reasons: ReasonCounts,
    second_votes: list[SecondVotePair],
) -> Snapshot:
    outcomes, excluded = count_outcomes(scope)
    effects = styled.effects if styled else {}
    return Snapshot.objects.create(
        scope=scope,
        n_votes=sum(outcomes.values()),
        outcomes=outcomes,
        excluded=excluded,
        set_asides=published_set_asides(scope),
        ranking_method=RANKING_METHOD,
        energy_method=DEFAULT_METHOD,
        energy_version=method_named(DEFAULT_METHOD).version,
        ranked_below_threshold=not inputs.has_listed,
        style={name: [effect.low, effect.mid, effect.high] for name, effect in effects.items()},
        pairs=pair_records(inputs.counts),
        shift=preference_table(second_votes, inputs.middle_wh_per_1000()) if second_votes else {},
        inputs_fingerprint=fingerprint(inputs.models, reasons, second_votes),
    )


def _scores(inputs: SnapshotInputs) -> Scores | None:
    try:
        return score(inputs.counts.votes, inputs.compared)
    except TooFewVoters:
        return None


def _styled_scores(scope: str, inputs: SnapshotInputs) -> StyledScores | None:
    """None where the texts are not known, or where the votes do not determine the effect of style."""
    votes = styled_votes(scope, inputs.counts.model_ids)
    try:
        return score_at_equal_style(votes, inputs.compared) if votes else None
    except (TooFewVoters, Undetermined, NotConverged) as error:
        logger.info("no scores at equal style for %s: %s", scope, error)
        return None


def prune_snapshots(now: datetime) -> None:
    """Delete snapshots older than KEEP_ALL_FOR, except the last of each day and scope."""
    old = Snapshot.objects.filter(computed_at__lt=now - KEEP_ALL_FOR).order_by("scope", "-computed_at")
    seen: set[tuple[str, Any]] = set()
    superseded = []
    for key, scope, computed_at in old.values_list("pk", "scope", "computed_at"):
        day = (scope, timezone.localdate(computed_at))
        if day in seen:
            superseded.append(key)
        seen.add(day)
    Snapshot.objects.filter(pk__in=superseded).delete()
