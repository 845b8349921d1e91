"""What a snapshot is made of, before and after the ranking: votes by pair, energies, then one row a model."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leaderboard.models import LISTED_FROM, Row, Snapshot
from leaderboard.ranking.aggregate import PairCounts
from leaderboard.ranking.answer_lengths import median_tokens
from leaderboard.ranking.score import Scores, StyledScores, frontier_chances, rank_bounds
from models_registry.models import LanguageModel
from science.energy import Interval, estimate

logger = logging.getLogger(__name__)

ENERGY_TOKENS = 1_000
Columns = Mapping[str, Any]


@dataclass(frozen=True)
class SnapshotInputs:
    """What a snapshot is made of: votes summed by pair, models by place, the energy of each where known."""

    counts: PairCounts
    models: list[LanguageModel]
    votes: list[int]
    compared: list[int]
    listed_exist: bool
    per_1000: list[Interval | None]
    per_answer: list[Interval | None]
    median_tokens: list[float | None]

    def middle_wh_per_1000(self) -> dict[int, float]:
        """The middle energy of 1,000 tokens, by key of model, where it is known."""
        pairs = zip(self.models, self.per_1000, strict=True)
        return {model.pk: energy.mid for model, energy in pairs if energy}


def snapshot_inputs(counts: PairCounts) -> SnapshotInputs:
    by_id = LanguageModel.objects.in_bulk([int(key) for key in counts.model_ids])
    models = [by_id[int(key)] for key in counts.model_ids]
    votes = counts.votes_by_model().tolist()
    listed = [place for place, number in enumerate(votes) if number >= LISTED_FROM]
    medians = median_tokens()
    lengths = [medians.get(model.pk) for model in models]
    return SnapshotInputs(
        counts=counts,
        models=models,
        votes=votes,
        # One listed model alone has nothing to be compared with.
        compared=listed if len(listed) > 1 else list(range(len(models))),
        listed_exist=len(listed) > 1,
        per_1000=[estimate_energy(model, ENERGY_TOKENS) for model in models],
        per_answer=[estimate_energy(model, length) for model, length in zip(models, lengths, strict=True)],
        median_tokens=lengths,
    )


def estimate_energy(model: LanguageModel, tokens: float | None) -> Interval | None:
    """The energy of so many tokens; None without a length, or where the facts contradict each other."""
    try:
        return estimate(model.shape(), tokens).energy_wh if tokens else None
    except ValueError as error:
        logger.error("%s has no energy on the leaderboard: %s", model.slug, error)
        return None


def build_rows(
    snapshot: Snapshot, contents: SnapshotInputs, columns: Sequence[Sequence[Columns]]
) -> list[Row]:
    """One row a model, not yet saved: its votes and energies, and the fields of each column given."""
    every = [_energy_columns(contents), *columns]
    return [
        Row(
            snapshot=snapshot,
            model=model,
            votes=contents.votes[place],
            **{name: value for column in every for name, value in column[place].items()},
        )
        for place, model in enumerate(contents.models)
    ]


def _energy_columns(contents: SnapshotInputs) -> list[Columns]:
    return [
        {
            "median_tokens": tokens,
            **_range_columns("wh_per_1000", per_1000),
            **_range_columns("wh_per_answer", per_answer),
        }
        for tokens, per_1000, per_answer in zip(
            contents.median_tokens, contents.per_1000, contents.per_answer, strict=True
        )
    ]


def _range_columns(name: str, energy: Interval | None) -> Columns:
    return {f"{name}_{end}": getattr(energy, end) for end in ("low", "mid", "high")} if energy else {}


def score_columns(contents: SnapshotInputs, scores: Scores | None) -> list[Columns]:
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


def style_columns(contents: SnapshotInputs, styled: StyledScores | None) -> list[Columns]:
    """Scores at equal style, where there are any."""
    if styled is None:
        return [{} for _ in contents.models]
    ends = zip(styled.points.tolist(), styled.low.tolist(), styled.high.tolist(), strict=True)
    return [{"style_points": mid, "style_low": low, "style_high": high} for mid, low, high in ends]
