"""The votes: a bet before, the blind vote once both sides have ended, a second one after the reveal."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from duels.lifecycle import NotNow, hold
from duels.models import Answer, Duel, Guess, Reaction, Remark, SecondVote, Vote


@dataclass(frozen=True, slots=True)
class SideRemark:
    """What a voter says of one side."""

    side: str
    reasons: list[str]
    comment: str


@transaction.atomic
def cast_vote(duel: Duel, choice: str, remarks: Iterable[SideRemark] = ()) -> Vote:
    """The vote of this duel: the first one that was cast. Raises NotNow while a side has not ended."""
    if not may_vote(_answers(hold(duel))):
        raise NotNow
    vote, created = Vote.objects.get_or_create(duel=duel, defaults={"choice": choice})
    if created:
        Remark.objects.bulk_create(
            Remark(vote=vote, side=remark.side, reasons=remark.reasons, comment=remark.comment)
            for remark in remarks
            if remark.reasons or remark.comment
        )
    return vote


def may_vote(answers: Iterable[Answer]) -> bool:
    """Every answer of a duel has ended, and there is something to read."""
    said = list(answers)
    return all(answer.is_finished for answer in said) and any(answer.text for answer in said)


def _answers(duel: Duel) -> QuerySet[Answer]:
    return Answer.objects.filter(turn__duel=duel).only("state", "text")


@transaction.atomic
def place_guess(duel: Duel, side: str, factor: int) -> Guess:
    """The bet of this duel, which a new one replaces. Raises NotNow when the duel can be no longer bet on."""
    now = hold(duel)
    if now.is_revealed or not may_vote(_answers(now)):
        raise NotNow
    bet = {"side": side, "factor": factor}
    return Guess.objects.update_or_create(duel=duel, defaults=bet)[0]


def vote_again(duel: Duel, choice: str) -> SecondVote:
    """What the voter would keep, knowing all; a change of mind replaces it. Raises NotNow before the vote."""
    if not duel.is_revealed:
        raise NotNow
    return SecondVote.objects.update_or_create(duel=duel, defaults={"choice": choice})[0]


def react(answer: Answer, liking: str, reasons: list[str]) -> None:
    """Keeps the reaction to one answer; any other `liking` than like or dislike undoes it."""
    if liking in Reaction.Liking.values:
        Reaction.objects.update_or_create(answer=answer, defaults={"liking": liking, "reasons": reasons})
    else:
        Reaction.objects.filter(answer=answer).delete()
