"""The rows of a snapshot: votes, scores and energies of each model."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leaderboard.models import LISTED_FROM, Row, Snapshot
from leaderboard.ranking.aggregate import PairCounts
from leaderboard.ranking.answer_lengths import median_tokens
from leaderboard.ranking.score import Scores, StyledScores, frontier_chances, rank_bounds
from models_registry.models import LanguageModel
from science.energy import Estimate, estimate

logger = logging.getLogger(__name__)

ENERGY_TOKENS = 1_000
Columns = Mapping[str, Any]  # values of a Row, by field


@dataclass(frozen=True)
class SnapshotInputs:
    """The inputs of a snapshot. Lists have one item for each model, in the order of the counts.

    compared: the indexes of the models that ranks compare.
    has_listed: whether at least two models have enough votes to be listed.
    per_1000, per_answer: energy of 1,000 tokens and of an answer of median length; None where unknown.
    """

    counts: PairCounts
    models: list[LanguageModel]
    votes: list[int]
    compared: list[int]
    has_listed: bool
    per_1000: list[Estimate | None]
    per_answer: list[Estimate | None]
    median_tokens: list[float | None]

    def middle_wh_per_1000(self) -> dict[int, float]:
        """Wh of 1,000 tokens, the middle of the range, by key of model, where known."""
        pairs = zip(self.models, self.per_1000, strict=True)
        return {model.pk: energy.mid_wh for model, energy in pairs if energy}


def snapshot_inputs(counts: PairCounts) -> SnapshotInputs:
    by_id = LanguageModel.objects.in_bulk([int(key) for key in counts.model_ids])
    models = [by_id[int(key)] for key in counts.model_ids]
    votes = counts.votes_by_model().tolist()
    listed = [index for index, number in enumerate(votes) if number >= LISTED_FROM]
    has_listed = len(listed) > 1  # one listed model alone has nothing to be compared with
    medians = median_tokens()
    lengths = [medians.get(model.pk) for model in models]
    return SnapshotInputs(
        counts=counts,
        models=models,
        votes=votes,
        compared=listed if has_listed else list(range(len(models))),
        has_listed=has_listed,
        per_1000=[estimate_energy(model, ENERGY_TOKENS) for model in models],
        per_answer=[estimate_energy(model, length) for model, length in zip(models, lengths, strict=True)],
        median_tokens=lengths,
    )


def estimate_energy(model: LanguageModel, tokens: float | None) -> Estimate | None:
    """The energy of so many tokens; None without tokens, or where the model's facts contradict each other."""
    try:
        return estimate(model.shape(), tokens) if tokens else None
    except ValueError as error:
        logger.error("%s has no energy on the leaderboard: %s", model.slug, error)
        return None


def build_rows(snapshot: Snapshot, inputs: SnapshotInputs, columns: Sequence[Sequence[Columns]]) -> list[Row]:
    """One unsaved row for each model: its votes, its energies and the given columns.

    columns: several groups of columns, each with one item for each model.
    """
    groups = [_energy_columns(inputs), *columns]
    return [
        Row(
            snapshot=snapshot,
            model=model,
            votes=inputs.votes[index],
            **{name: value for group in groups for name, value in group[index].items()},
        )
        for index, model in enumerate(inputs.models)
    ]


def _energy_columns(inputs: SnapshotInputs) -> list[Columns]:
    energies = zip(inputs.median_tokens, inputs.per_1000, inputs.per_answer, strict=True)
    return [
        {
            "median_tokens": tokens,
            **_range_columns("wh_per_1000", per_1000),
            **_range_columns("wh_per_answer", per_answer),
        }
        for tokens, per_1000, per_answer in energies
    ]


def _range_columns(name: str, energy: Estimate | None) -> Columns:
    return {f"{name}_{end}": value for end, value in energy.energy_wh.as_dict().items()} if energy else {}


def score_columns(inputs: SnapshotInputs, scores: Scores | None) -> list[Columns]:
    """Scores of every model; rank and frontier chances of those that are compared."""
    if scores is None:
        return [{} for _ in inputs.models]
    ranks = rank_bounds(scores, inputs.compared)
    per_1000 = frontier_chances(scores, inputs.compared, inputs.per_1000)
    per_answer = frontier_chances(scores, inputs.compared, inputs.per_answer)
    return [
        {
            "points": float(scores.points[index]),
            "points_low": float(scores.low[index]),
            "points_high": float(scores.high[index]),
            "beats_average": float(scores.beats_average[index]),
            "best_rank": ranks.get(index, (None, None))[0],
            "worst_rank": ranks.get(index, (None, None))[1],
            "frontier_per_1000": per_1000.get(index),
            "frontier_per_answer": per_answer.get(index),
        }
        for index in range(len(inputs.models))
    ]


def style_columns(inputs: SnapshotInputs, styled: StyledScores | None) -> list[Columns]:
    """Scores of every model at equal style, if they could be fitted."""
    if styled is None:
        return [{} for _ in inputs.models]
    bounds = zip(styled.points.tolist(), styled.low.tolist(), styled.high.tolist(), strict=True)
    return [{"style_points": mid, "style_low": low, "style_high": high} for mid, low, high in bounds]
