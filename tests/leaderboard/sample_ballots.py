"""Ballots by the dozen, for the tests of the leaderboard."""

from itertools import count

from django.db import connection

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
) -> list[int]:
    """So many counted results of each outcome, every one from somebody else; pairs are given in order.

    Returns their keys.
    """
    keys = []
    for outcome, number in outcomes.items():
        one, *others = [next(voters) for _ in range(number)]
        ballot = Ballot(source=source, first=first, second=second, outcome=outcome, **facts)
        ballot.voter, ballot.first_on_a = one * 7919, one % 2 == 0
        ballot.outside_id = str(one) if source else ""
        ballot.save()
        keys += [ballot.pk, *copy_for(ballot, others)]
    return keys


def copy_for(ballot: Ballot, others: list[int]) -> list[int]:
    """The same ballot from each of these voters, made in PostgreSQL: ten times as fast as so many objects."""
    own = {"voter": "other * 7919", "first_on_a": "mod(other, 2) = 0"}
    own |= {"outside_id": "other::text"} if ballot.source else {}
    columns = [field.column for field in Ballot._meta.concrete_fields if not field.primary_key]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO leaderboard_ballot ({', '.join(columns)})"
            f" SELECT {', '.join(own.get(column, column) for column in columns)}"
            " FROM leaderboard_ballot, unnest(%s::bigint[]) AS other WHERE id = %s RETURNING id",
            [others, ballot.pk],
        )
        return [key for (key,) in cursor.fetchall()]


def an_arena_with_votes() -> tuple[LanguageModel, LanguageModel, LanguageModel]:
    """Three models with enough votes to be listed; the large one wins most, the small one least."""
    small, large, mixed = three_models()
    add_ballots(small, large, {FIRST: 60, SECOND: 180, TIE: 40, BOTH_BAD: 20})
    add_ballots(small, mixed, {FIRST: 100, SECOND: 140, TIE: 60})
    add_ballots(large, mixed, {FIRST: 150, SECOND: 110, TIE: 40})
    return small, large, mixed
