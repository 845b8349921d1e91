"""Who meets whom: two different models, and a fair toss for the sides."""

import random
from collections.abc import Sequence
from dataclasses import dataclass


class NotEnoughModels(Exception):
    """Fewer than two models can answer now."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that can be drawn; size_b is the size, in billions of parameters, that decides its class."""

    model_id: int
    size_b: float


def draw(candidates: Sequence[Candidate], rng: random.Random) -> tuple[Candidate, Candidate]:
    """Two different candidates, sides a and b in that order; each stands on either side equally often."""
    if len(candidates) < 2:
        raise NotEnoughModels
    left, right = rng.sample(list(candidates), 2)
    return left, right


def nearest(candidates: Sequence[Candidate], size_b: float, excluded: set[int]) -> Candidate | None:
    """The candidate closest in size, as a ratio, to stand in for a model that does not answer."""
    others = [candidate for candidate in candidates if candidate.model_id not in excluded]
    return min(others, key=lambda other: _size_ratio(other.size_b, size_b), default=None)


def _size_ratio(one_b: float, other_b: float) -> float:
    return max(one_b, other_b) / max(min(one_b, other_b), 1e-9)
