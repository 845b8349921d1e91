"""The choice of two different models that fit the mode, on sides drawn at random."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, islice

APART_FACTOR = 4.0  # issue 3: a small model meets one at least so many times its size
TINY_BELOW_B = 1.0  # models of this size, such as those of `make run`, hardly write French
SMALL_BELOW_B = 35.0  # issue 3: the « petits », in billions of parameters
NEWCOMER_BELOW_VOTES = 3_000  # design decision: until then, a model is drawn more often
NEWCOMER_WEIGHT = 3.0  # how many times more: its score settles sooner, and the others still meet


class NotEnoughModels(Exception):
    """No two models that can answer now fit the mode."""


class Mode(StrEnum):
    """How the two models of a duel are chosen."""

    RANDOM = "random"
    SMALL_AGAINST_LARGE = "small_against_large"
    TWO_SMALL = "two_small"
    SAME_FAMILY = "same_family"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that can be drawn.

    size_b: billions of parameters, decides its class. votes: how many votes count for it so far.
    """

    model_id: int
    size_b: float
    organisation_id: int = 0
    votes: int = 0

    @property
    def weight(self) -> float:
        """Relative chance of being drawn; 1 for a model with many votes."""
        return NEWCOMER_WEIGHT if self.votes < NEWCOMER_BELOW_VOTES else 1.0


def draw_pair(
    candidates: Sequence[Candidate], mode: Mode, rng: random.Random, chosen: Sequence[Candidate] = ()
) -> tuple[Candidate, Candidate]:
    """Two different candidates that fit the mode, for sides a and b; each order is equally likely.

    chosen: one or two candidates that must play. Raises NotEnoughModels when no pair fits.
    """
    first = chosen[0] if chosen else _pick(_with_an_opponent(candidates, mode), rng)
    second = chosen[1] if len(chosen) > 1 else _pick(opponents(candidates, mode, first), rng)
    left, right = rng.sample([first, second], 2)
    return left, right


def opponents(candidates: Sequence[Candidate], mode: Mode, first: Candidate) -> list[Candidate]:
    """The candidates that `first` can meet in this mode."""
    return [other for other in candidates if _can_meet(first, other, mode)]


def possible_modes(candidates: Sequence[Candidate]) -> set[Mode]:
    """The modes for which a pair can be found now."""
    return {mode for mode in Mode if _count_pairs(candidates, mode)}


def modes_of_one_pair(candidates: Sequence[Candidate]) -> set[Mode]:
    """The modes for which there is just one pair."""
    return {mode for mode in Mode if _count_pairs(candidates, mode) == 1}


def _count_pairs(candidates: Sequence[Candidate], mode: Mode) -> int:
    """How many pairs can meet in this mode, counted up to two."""
    return len(list(islice((pair for pair in combinations(candidates, 2) if _can_meet(*pair, mode)), 2)))


def are_all_tiny(candidates: Sequence[Candidate]) -> bool:
    """Whether any candidate that is drawn will hardly write French."""
    return bool(candidates) and all(one.size_b < TINY_BELOW_B for one in candidates)


def find_substitute(
    candidates: Sequence[Candidate], mode: Mode, replaced: Candidate, other: Candidate
) -> Candidate | None:
    """The candidate closest in size to one that does not answer, and that can meet the other side.

    None when nothing fits, and always for a model that the visitor chose.
    """
    if mode is Mode.CHOSEN:
        return None
    fitting = [one for one in opponents(candidates, mode, other) if one.model_id != replaced.model_id]
    return min(fitting, key=lambda one: _size_ratio(one, replaced), default=None)


def _with_an_opponent(candidates: Sequence[Candidate], mode: Mode) -> list[Candidate]:
    return [one for one in candidates if any(_can_meet(one, other, mode) for other in candidates)]


def _can_meet(one: Candidate, other: Candidate, mode: Mode) -> bool:
    return one.model_id != other.model_id and RULES[mode](one, other)


def _pick(candidates: Sequence[Candidate], rng: random.Random) -> Candidate:
    if not candidates:
        raise NotEnoughModels
    return rng.choices(candidates, [candidate.weight for candidate in candidates])[0]


def _size_ratio(one: Candidate, other: Candidate) -> float:
    return max(one.size_b, other.size_b) / max(min(one.size_b, other.size_b), 1e-9)


def _anyone(one: Candidate, other: Candidate) -> bool:
    return True


def _far_apart(one: Candidate, other: Candidate) -> bool:
    return _size_ratio(one, other) >= APART_FACTOR


def _both_small(one: Candidate, other: Candidate) -> bool:
    return max(one.size_b, other.size_b) < SMALL_BELOW_B


def _same_maker(one: Candidate, other: Candidate) -> bool:
    return one.organisation_id == other.organisation_id


RULES: dict[Mode, Callable[[Candidate, Candidate], bool]] = {
    Mode.RANDOM: _anyone,
    Mode.SMALL_AGAINST_LARGE: _far_apart,
    Mode.TWO_SMALL: _both_small,
    Mode.SAME_FAMILY: _same_maker,
    Mode.CHOSEN: _anyone,
}
