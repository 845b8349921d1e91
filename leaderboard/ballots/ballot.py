"""What one duel says of its two models, and whether that may count."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from duels.models import Answer, Duel, Reaction, Side, Vote
from leaderboard.ballots.self_identification import Identity, identifies_itself
from leaderboard.models import Ballot, Exclusion
from models_registry.models import LanguageModel
from science.ranking.style import relative_difference

VOTER_HEX_DIGITS = 15  # 60 bits fit a column, and a million visitors share none: 1e12 / 2**61

# Headings, list items, bold passages: what catches the eye.
# Source: Li, Angelopoulos and Chiang 2024, "Does style matter?", https://lmsys.org/blog/2024-08-28-style-control/
MARKDOWN_MARKS = re.compile(
    r"^ {0,3}#{1,6} |^\s*(?:[-*+]|\d+[.)]) |\*\*[^*\n]+\*\*|__[^_\n]+__", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class DuelSide:
    """One side of a duel over all its turns."""

    model: LanguageModel
    answers: tuple[Answer, ...]

    @property
    def is_complete(self) -> bool:
        """Every turn has its answer."""
        return all(answer.state == Answer.State.DONE and answer.text for answer in self.answers)

    @property
    def names_itself(self) -> bool:
        identity = model_identity(self.model)
        return any(
            identifies_itself(f"{answer.reasoning}\n{answer.text}", identity) for answer in self.answers
        )

    @property
    def liking(self) -> int:
        """Likes less dislikes."""
        reactions = (answer.reaction_or_none() for answer in self.answers)
        signs = {Reaction.Liking.LIKE: 1, Reaction.Liking.DISLIKE: -1}
        return sum(signs[Reaction.Liking(reaction.liking)] for reaction in reactions if reaction)

    @property
    def tokens(self) -> int:
        return sum(answer.tokens_out for answer in self.answers)

    @property
    def markdown_marks(self) -> int:
        return sum(len(MARKDOWN_MARKS.findall(answer.text)) for answer in self.answers)


def model_identity(model: LanguageModel) -> Identity:
    """The names that would give this model away."""
    maker = model.organisation
    return Identity(model.name, tuple(model.aliases), maker.name, maker.slug)


def duel_sides(duel: Duel) -> tuple[DuelSide, DuelSide]:
    """Sides a and b; reads the turns, answers, reactions, models and makers that are prefetched."""
    a, b = (_duel_side(duel, side) for side in Side.values)
    return a, b


def _duel_side(duel: Duel, side: str) -> DuelSide:
    answers = tuple(
        answer for turn in duel.turns.all() for answer in turn.answers.all() if answer.side == side
    )
    return DuelSide(answers[-1].model, answers)


def build_ballot(duel: Duel) -> Ballot:
    """The result of a duel that was voted on, or reacted to; not yet saved."""
    a, b = duel_sides(duel)
    choice = duel.vote.choice if duel.is_revealed else choice_from_reactions(a.liking, b.liking)
    first_on_a = a.model.pk <= b.model.pk
    first, second = (a, b) if first_on_a else (b, a)
    return Ballot(
        duel=duel,
        from_reactions=not duel.is_revealed,
        voter=voter_id(duel.visitor),
        first=first.model,
        second=second.model,
        first_on_a=first_on_a,
        outcome=outcome_for(choice, first_on_a),
        excluded_reason=exclusion_reason(duel, (a, b)),
        length_difference=float(relative_difference(first.tokens, second.tokens)),
        markdown_difference=float(relative_difference(first.markdown_marks, second.markdown_marks)),
        cast_at=duel.vote.created_at if duel.is_revealed else duel.created_at,
    )


def choice_from_reactions(a: int, b: int) -> Vote.Choice:
    """What likes less dislikes of each side would have voted."""
    if a == b:
        return Vote.Choice.BOTH_BAD if a < 0 else Vote.Choice.BOTH_GOOD
    return Vote.Choice.A if a > b else Vote.Choice.B


def outcome_for(choice: str, first_on_a: bool) -> Ballot.Outcome:
    """The same choice, told of the pair in its written order."""
    if choice in (Vote.Choice.A, Vote.Choice.B):
        first_won = (choice == Vote.Choice.A) == first_on_a
        return Ballot.Outcome.FIRST if first_won else Ballot.Outcome.SECOND
    return Ballot.Outcome.TIE if choice == Vote.Choice.BOTH_GOOD else Ballot.Outcome.BOTH_BAD


def exclusion_reason(duel: Duel, sides: Iterable[DuelSide]) -> Exclusion | str:
    """Why this duel does not count, the plainest reason first; empty when it does."""
    a, b = sides
    if not duel.is_blind:
        return Exclusion.NOT_BLIND
    if a.model.pk == b.model.pk:
        return Exclusion.SELF_MATCH
    if not (a.is_complete and b.is_complete):
        return Exclusion.INCOMPLETE
    return Exclusion.SELF_NAMED if a.names_itself or b.names_itself else ""


def voter_id(visitor: str) -> int:
    """The first 60 bits of a visitor's hash, written in hexadecimal."""
    return int(visitor[:VOTER_HEX_DIGITS], 16)
