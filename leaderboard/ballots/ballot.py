"""Build the ballot of one duel: its result, and the reason why it does not count, if any."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from duels.models import Answer, Duel, Reaction, Side, Vote
from duels.votes.vote_counting import VOTING_PERIOD
from leaderboard.ballots.identity_questions import asks_who_answers
from leaderboard.ballots.model_names import Identity
from leaderboard.ballots.self_identification import identifies_itself
from leaderboard.models import Ballot, Exclusion
from models_registry.models import LanguageModel
from science.ranking.style import relative_difference

# 60 bits fit a bigint column, and a million visitors share none: 1e12 / 2**61 chances of a collision.
VOTER_HEX_DIGITS = 15

# Headings, list items, bold passages: the Markdown that catches the eye.
# Source: Li, Angelopoulos and Chiang 2024, "Does style matter?", https://lmsys.org/blog/2024-08-28-style-control/
MARKDOWN_MARKS = re.compile(
    r"^ {0,3}#{1,6} |^[^\S\n]*(?:[-*+]|\d+[.)]) |\*\*[^*\n]+\*\*|__[^_\n]+__", re.MULTILINE
)


# What the provider ended, and not the model. An answer that reached its limit of length counts: it is what
# the model answers under the limits of the site, and the voter was informed.
ENDED_BY_PROVIDER = (Answer.Truncation.FILTERED, Answer.Truncation.UNKNOWN)


@dataclass(frozen=True, slots=True)
class DuelSide:
    """One side of a duel over all its turns."""

    model: LanguageModel
    answers: tuple[Answer, ...]
    question: str  # of all turns

    @property
    def is_complete(self) -> bool:
        """Whether every turn has its answer, and none was ended by its provider."""
        return all(
            answer.state == Answer.State.DONE and answer.text and answer.truncation not in ENDED_BY_PROVIDER
            for answer in self.answers
        )

    @property
    def identifies_itself(self) -> bool:
        maker = self.model.organisation
        identity = Identity(self.model.name, tuple(self.model.aliases), maker.name, maker.slug)
        texts = (text for answer in self.answers for text in (answer.text, answer.reasoning) if text)
        return any(identifies_itself(text, identity, self.question) for text in texts)

    @property
    def net_likes(self) -> int:
        """Likes minus dislikes, of the time when the vote would have counted."""
        reactions = [
            reaction
            for answer in self.answers
            if (reaction := answer.reaction_or_none())
            and reaction.changed_at <= answer.turn.duel.created_at + VOTING_PERIOD
        ]
        signs = {Reaction.Liking.LIKE: 1, Reaction.Liking.DISLIKE: -1}
        return sum(signs[Reaction.Liking(reaction.liking)] for reaction in reactions)

    @property
    def tokens(self) -> int:
        return sum(answer.tokens_out for answer in self.answers)

    @property
    def markdown_marks(self) -> int:
        return sum(len(MARKDOWN_MARKS.findall(answer.text)) for answer in self.answers)


def duel_sides(duel: Duel) -> tuple[DuelSide, DuelSide]:
    """Sides a and b, from the prefetched turns, answers, reactions, models and organisations."""
    a, b = (_duel_side(duel, side) for side in Side.values)
    return a, b


def _duel_side(duel: Duel, side: str) -> DuelSide:
    answers = tuple(
        answer for turn in duel.turns.all() for answer in turn.answers.all() if answer.side == side
    )
    return DuelSide(answers[-1].model, answers, "\n".join(turn.prompt for turn in duel.turns.all()))


def build_ballot(duel: Duel) -> Ballot:
    """The unsaved ballot of a duel with a vote or a reaction; a vote takes precedence over reactions."""
    a, b = duel_sides(duel)
    choice = duel.vote.choice if duel.is_revealed else choice_from_reactions(a.net_likes, b.net_likes)
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


def choice_from_reactions(net_likes_a: int, net_likes_b: int) -> Vote.Choice:
    """The vote that the reactions amount to: for the side with the higher net likes."""
    if net_likes_a == net_likes_b:
        return Vote.Choice.BOTH_BAD if net_likes_a < 0 else Vote.Choice.BOTH_GOOD
    return Vote.Choice.A if net_likes_a > net_likes_b else Vote.Choice.B


def outcome_for(choice: str, first_on_a: bool) -> Ballot.Outcome:
    """A choice between sides a and b as an outcome for the first and second model of the pair."""
    if choice in (Vote.Choice.A, Vote.Choice.B):
        first_won = (choice == Vote.Choice.A) == first_on_a
        return Ballot.Outcome.FIRST if first_won else Ballot.Outcome.SECOND
    return Ballot.Outcome.TIE if choice == Vote.Choice.BOTH_GOOD else Ballot.Outcome.BOTH_BAD


def exclusion_reason(duel: Duel, sides: Iterable[DuelSide]) -> str:
    """The first reason why this duel does not count; empty when it counts."""
    a, b = sides
    if not duel.is_blind:
        return Exclusion.NOT_BLIND
    if a.model.pk == b.model.pk:
        return Exclusion.SELF_MATCH
    if not (a.is_complete and b.is_complete):
        return Exclusion.INCOMPLETE
    if asks_who_answers(a.question):
        return Exclusion.NAME_ASKED
    if a.identifies_itself or b.identifies_itself:
        return Exclusion.SELF_NAMED
    return Vote.Uncounted(duel.vote.uncounted) if duel.is_revealed and duel.vote.uncounted else ""


def voter_id(hex_hash: str) -> int:
    """The first 60 bits of a hash written in hexadecimal."""
    return int(hex_hash[:VOTER_HEX_DIGITS], 16)
