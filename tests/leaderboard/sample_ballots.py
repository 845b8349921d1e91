"""Ballots by the dozen, for the tests of the leaderboard."""

from itertools import count

from leaderboard.models import Ballot, VoteSource
from models_registry.models import LanguageModel
from tests import cast

FIRST, SECOND, TIE, BOTH_BAD = (
    Ballot.Outcome.FIRST,
    Ballot.Outcome.SECOND,
    Ballot.Outcome.TIE,
    Ballot.Outcome.BOTH_BAD,
)

voters = count(1)


def three_models() -> tuple[LanguageModel, LanguageModel, LanguageModel]:
    """A small, a large and a mixed model, in the order of their keys."""
    return cast.petit_3b(), cast.grand_70b(), cast.melange_117b()


def add_ballots(
    first: LanguageModel,
    second: LanguageModel,
    outcomes: dict[Ballot.Outcome, int],
    source: VoteSource | None = None,
    **facts: object,
) -> list[Ballot]:
    """So many counted results of each outcome, every one from somebody else; pairs are given in order."""
    return Ballot.objects.bulk_create(
        Ballot(
            source=source,
            outside_id=str(voter) if source else "",
            voter=voter * 7919,
            first=first,
            second=second,
            first_on_a=voter % 2 == 0,
            outcome=outcome,
            **facts,
        )
        for outcome, number in outcomes.items()
        for voter in (next(voters) for _ in range(number))
    )


def an_arena_with_votes() -> tuple[LanguageModel, LanguageModel, LanguageModel]:
    """Three models with enough votes to be listed; the large one wins most, the small one least."""
    small, large, mixed = three_models()
    add_ballots(small, large, {FIRST: 60, SECOND: 180, TIE: 40, BOTH_BAD: 20})
    add_ballots(small, mixed, {FIRST: 100, SECOND: 140, TIE: 60})
    add_ballots(large, mixed, {FIRST: 150, SECOND: 110, TIE: 40})
    return small, large, mixed
