"""The guess before the vote, the blind vote, the second vote after the reveal, and reactions to answers."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from duels.lifecycle import InvalidState, lock_duel
from duels.models import Answer, Duel, Guess, Reaction, SecondVote, Vote, VoteComment


@transaction.atomic
def cast_vote(duel: Duel, choice: str, comments: Iterable[VoteComment] = ()) -> Vote:
    """Cast the vote, or return the one cast before. Raises InvalidState while a side has not ended."""
    if not can_vote(_answers(lock_duel(duel))):
        raise InvalidState
    vote, created = Vote.objects.get_or_create(duel=duel, defaults={"choice": choice})
    if created:
        given = [comment for comment in comments if comment.reasons or comment.comment]
        for comment in given:
            comment.vote = vote
        VoteComment.objects.bulk_create(given)
    return vote


def can_vote(answers: Iterable[Answer]) -> bool:
    """Whether every answer has ended and at least one has a text."""
    answers = list(answers)
    return all(answer.is_finished for answer in answers) and any(answer.text for answer in answers)


def _answers(duel: Duel) -> QuerySet[Answer]:
    return Answer.objects.filter(turn__duel=duel).only("state", "text")


@transaction.atomic
def place_guess(duel: Duel, side: str, factor: int) -> Guess:
    """Store the guess, in place of an earlier one. Raises InvalidState before the end or after the vote."""
    now = lock_duel(duel)
    if now.is_revealed or not can_vote(_answers(now)):
        raise InvalidState
    values = {"side": side, "factor": factor}
    return Guess.objects.update_or_create(duel=duel, defaults=values)[0]


@transaction.atomic
def cast_second_vote(duel: Duel, choice: str) -> SecondVote:
    """Store the second vote, in place of an earlier one. Raises InvalidState before the blind vote."""
    if not lock_duel(duel).is_revealed:
        raise InvalidState
    return SecondVote.objects.update_or_create(duel=duel, defaults={"choice": choice})[0]


@transaction.atomic
def set_reaction(answer: Answer, liking: str, reasons: list[str]) -> None:
    """Store the reaction to an answer, or delete it where `liking` is neither like nor dislike.

    Raises InvalidState when the duel was deleted meanwhile.
    """
    lock_duel(answer.turn.duel)
    if liking in Reaction.Liking.values:
        Reaction.objects.update_or_create(answer=answer, defaults={"liking": liking, "reasons": reasons})
    else:
        Reaction.objects.filter(answer=answer).delete()
