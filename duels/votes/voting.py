"""The blind vote with its bet, the second vote after the reveal, and reactions to answers."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Exists

from duels.lifecycle import InvalidState, lock_duel
from duels.models import Answer, Duel, Guess, Reaction, SecondVote, Vote, VoteComment
from duels.votes.ballot_forms import PlacedGuess
from duels.votes.vote_counting import Voter, uncounted_reason


def cast_vote(
    duel: Duel,
    choice: str,
    comments: Iterable[VoteComment] = (),
    voter: Voter | None = None,
    bet: PlacedGuess | None = None,
) -> Vote:
    """Cast the vote, or return the one cast before. Raises InvalidState while a side has not ended.

    voter: decides whether it counts; without one, it does. bet: stored with a new vote only.
    """
    vote, created, answers = _store_vote(duel, choice, comments, bet, is_checked=voter is None)
    if created and voter is not None:  # after the commit: of two requests at once, one is charged
        is_first = not answers[0].has_voted  # type: ignore[attr-defined]
        vote.uncounted = uncounted_reason(duel, answers, voter, is_first=is_first) if duel.is_blind else ""
        if vote.uncounted != Vote.Uncounted.UNCHECKED:
            Vote.objects.filter(pk=vote.pk).update(uncounted=vote.uncounted)  # no error where it was deleted
    return vote


@transaction.atomic
def _store_vote(
    duel: Duel, choice: str, comments: Iterable[VoteComment], bet: PlacedGuess | None, *, is_checked: bool
) -> tuple[Vote, bool, Sequence[Answer]]:
    """The vote, whether it is new, and the answers, each with whether the visitor had voted before."""
    lock_duel(duel)
    earlier = Vote.objects.filter(duel__visitor=duel.visitor)
    stored = Answer.objects.filter(turn__duel=duel).only("state", "text", "finished_at")
    answers = list(stored.annotate(has_voted=Exists(earlier)))
    if not can_vote(answers):
        raise InvalidState
    uncounted = "" if is_checked else Vote.Uncounted.UNCHECKED
    vote, created = Vote.objects.get_or_create(duel=duel, defaults={"choice": choice, "uncounted": uncounted})
    if created:
        given = [comment for comment in comments if comment.reasons or comment.comment]
        for comment in given:
            comment.vote = vote
        VoteComment.objects.bulk_create(given)
        if bet:
            side, factor = bet
            Guess.objects.update_or_create(duel=duel, defaults={"side": side, "factor": factor})
    return vote, created, answers


def can_vote(answers: Iterable[Answer]) -> bool:
    """Whether every answer has ended and at least one has a text."""
    answers = list(answers)
    return all(answer.is_finished for answer in answers) and any(answer.text for answer in answers)


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
