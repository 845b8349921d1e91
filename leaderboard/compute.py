"""Votes, summed, become a snapshot: scores with their doubt, beside the energy of each model."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from leaderboard.collection import collect
from leaderboard.counting import PairCounts, count_pairs, styled_votes
from leaderboard.lengths import median_tokens
from leaderboard.models import LISTED_FROM, OWN_SCOPE, WHOLE_SCOPE, Ballot, Row, Snapshot, VoteSource
from leaderboard.pairs import pair_records
from leaderboard.ranking import (
    METHOD,
    Scores,
    StyledScores,
    frontier_chances,
    rank_bounds,
    score,
    score_at_equal_style,
)
from leaderboard.reasons import reasons_by_model
from models_registry.models import LanguageModel
from science.energy import DEFAULT_METHOD, Interval, estimate, method_named
from science.ranking.contextual import Undetermined
from science.ranking.covariance import TooFewVoters
from science.ranking.newton import NotConverged

logger = logging.getLogger(__name__)

ENERGY_TOKENS = 1_000
HOURLY_FOR = timedelta(days=7)  # older snapshots: the last of each day is enough


@dataclass(frozen=True)
class Contents:
    """What a snapshot is made of: votes summed by pair, models by place, the energy of each where known."""

    counts: PairCounts
    models: list[LanguageModel]
    votes: list[int]
    compared: list[int]
    listed_exist: bool
    per_1000: list[Interval | None]
    per_answer: list[Interval | None]
    median_tokens: list[float | None]


def compute_due(force: bool = False) -> list[Snapshot]:
    """New snapshots of every scope whose votes have changed, or of all when forced."""
    collect()
    due = [scope for scope in scopes() if force or _has_changed(scope)]
    published = [snapshot for scope in due if (snapshot := publish(scope))]
    thin_out(timezone.now())
    return published


def scopes() -> list[str]:
    """Our own duels; with imported votes, each arena too, and all together."""
    imported = list(VoteSource.objects.values_list("slug", flat=True))
    return [OWN_SCOPE, *imported, WHOLE_SCOPE] if imported else [OWN_SCOPE]


def _has_changed(scope: str) -> bool:
    latest = Snapshot.objects.filter(scope=scope).first()
    known = latest and (latest.outcomes, latest.excluded, latest.ranking_method, latest.energy_version)
    return known != (*tally(scope), METHOD, method_named(DEFAULT_METHOD).version)


def tally(scope: str) -> tuple[dict[str, int], dict[str, int]]:
    """Counted votes by outcome, and the others by the reason why they do not count."""
    outcomes: dict[str, int] = {}
    excluded: dict[str, int] = {}
    grouped = Ballot.objects.in_scope(scope).values_list("excluded_reason", "outcome").order_by()
    for reason, outcome, number in grouped.annotate(Count("pk")):
        place, key = (excluded, reason) if reason else (outcomes, outcome)
        place[key] = place.get(key, 0) + number
    return outcomes, excluded


@transaction.atomic
def publish(scope: str) -> Snapshot | None:
    """The snapshot of a scope, stored with its rows; None where no vote counts yet."""
    counts = count_pairs(scope)
    if counts is None:
        return None
    outcomes, excluded = tally(scope)
    contents = _contents(counts)
    scores, styled = _scores(contents), _styled(scope, contents)
    snapshot = Snapshot.objects.create(
        scope=scope,
        n_votes=sum(outcomes.values()),
        outcomes=outcomes,
        excluded=excluded,
        ranking_method=METHOD,
        energy_method=DEFAULT_METHOD,
        energy_version=method_named(DEFAULT_METHOD).version,
        ranked_below_threshold=not contents.listed_exist,
        style={name: [end.low, end.mid, end.high] for name, end in styled.effects.items()} if styled else {},
        pairs=pair_records(counts),
    )
    Row.objects.bulk_create(_rows(snapshot, contents, scores, styled))
    logger.info("leaderboard %s: %s votes, %s models", scope, snapshot.n_votes, len(contents.models))
    return snapshot


def _contents(counts: PairCounts) -> Contents:
    by_id = LanguageModel.objects.in_bulk([int(key) for key in counts.model_ids])
    models = [by_id[int(key)] for key in counts.model_ids]
    votes = counts.votes_by_model().tolist()
    listed = [place for place, number in enumerate(votes) if number >= LISTED_FROM]
    medians = median_tokens()
    lengths = [medians.get(model.pk) for model in models]
    return Contents(
        counts=counts,
        models=models,
        votes=votes,
        # One listed model alone has nothing to be compared with.
        compared=listed if len(listed) > 1 else list(range(len(models))),
        listed_exist=len(listed) > 1,
        per_1000=[energy_of(model, ENERGY_TOKENS) for model in models],
        per_answer=[energy_of(model, length) for model, length in zip(models, lengths, strict=True)],
        median_tokens=lengths,
    )


def energy_of(model: LanguageModel, tokens: float | None) -> Interval | None:
    """The energy of so many tokens; None without a length, or where the facts contradict each other."""
    try:
        return estimate(model.shape(), tokens).energy_wh if tokens else None
    except ValueError as error:
        logger.error("%s has no energy on the leaderboard: %s", model.slug, error)
        return None


def _scores(contents: Contents) -> Scores | None:
    try:
        return score(contents.counts.votes, contents.compared)
    except TooFewVoters:
        return None


def _styled(scope: str, contents: Contents) -> StyledScores | None:
    """None where the texts are not known, or where votes do not tell the effect of style."""
    votes = styled_votes(scope, contents.counts.model_ids)
    try:
        return score_at_equal_style(votes, contents.compared) if votes else None
    except (TooFewVoters, Undetermined, NotConverged) as error:
        logger.info("no scores at equal style for %s: %s", scope, error)
        return None


def _rows(
    snapshot: Snapshot, contents: Contents, scores: Scores | None, styled: StyledScores | None
) -> list[Row]:
    reasons = reasons_by_model() if snapshot.scope in (OWN_SCOPE, WHOLE_SCOPE) else {}
    columns = [_energies(contents), _scored(contents, scores), _equal_style(contents, styled)]
    return [
        Row(
            snapshot=snapshot,
            model=model,
            votes=contents.votes[place],
            reasons=reasons.get(model.pk, {}),
            **{name: value for column in columns for name, value in column[place].items()},
        )
        for place, model in enumerate(contents.models)
    ]


Fields = Mapping[str, Any]


def _energies(contents: Contents) -> list[Fields]:
    return [
        {"median_tokens": tokens, **_ends("wh_per_1000", per_1000), **_ends("wh_per_answer", per_answer)}
        for tokens, per_1000, per_answer in zip(
            contents.median_tokens, contents.per_1000, contents.per_answer, strict=True
        )
    ]


def _ends(name: str, energy: Interval | None) -> Fields:
    return {f"{name}_{end}": getattr(energy, end) for end in ("low", "mid", "high")} if energy else {}


def _scored(contents: Contents, scores: Scores | None) -> list[Fields]:
    """Scores of every model; ranks and frontier of those that are compared."""
    if scores is None:
        return [{} for _ in contents.models]
    rank = rank_bounds(scores, contents.compared)
    per_1000 = frontier_chances(scores, contents.compared, contents.per_1000)
    per_answer = frontier_chances(scores, contents.compared, contents.per_answer)
    return [
        {
            "points": float(scores.points[place]),
            "points_low": float(scores.low[place]),
            "points_high": float(scores.high[place]),
            "beats_average": float(scores.beats_average[place]),
            "best_rank": rank.get(place, (None, None))[0],
            "worst_rank": rank.get(place, (None, None))[1],
            "frontier_per_1000": per_1000.get(place),
            "frontier_per_answer": per_answer.get(place),
        }
        for place in range(len(contents.models))
    ]


def _equal_style(contents: Contents, styled: StyledScores | None) -> list[Fields]:
    if styled is None:
        return [{} for _ in contents.models]
    ends = zip(styled.points.tolist(), styled.low.tolist(), styled.high.tolist(), strict=True)
    return [{"style_points": mid, "style_low": low, "style_high": high} for mid, low, high in ends]


def thin_out(now: datetime) -> None:
    """Of each past day and scope, keeps the last snapshot; of the last days, all."""
    old = Snapshot.objects.filter(computed_at__lt=now - HOURLY_FOR).order_by("scope", "-computed_at")
    seen: set[tuple[str, Any]] = set()
    superseded = []
    for key, scope, computed_at in old.values_list("pk", "scope", "computed_at"):
        day = (scope, timezone.localdate(computed_at))
        if day in seen:
            superseded.append(key)
        seen.add(day)
    Snapshot.objects.filter(pk__in=superseded).delete()
