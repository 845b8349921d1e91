"""Count why readers liked or disliked the answers of each model, before they knew its name."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Count, F, Q, When

from duels.models import Reaction, Side, VoteComment
from duels.votes.vote_counting import VOTING_PERIOD

ReasonGroups = Iterable[tuple[int, list[str], int]]  # key of model, reasons given together, how often


def reasons_by_model() -> dict[int, Counter[str]]:
    """How often each reason was given in counted duels, by key of model: with votes and on single answers."""
    counters: dict[int, Counter[str]] = defaultdict(Counter)
    for model_id, reasons, times in (*_reasons_of_votes(), *_reasons_of_reactions()):
        counters[model_id].update(dict.fromkeys(reasons, times))
    return counters


def _reasons_of_votes() -> ReasonGroups:
    on_first = Q(side=Side.A, vote__duel__ballot__first_on_a=True) | Q(
        side=Side.B, vote__duel__ballot__first_on_a=False
    )
    model = Case(When(on_first, then="vote__duel__ballot__first_id"), default="vote__duel__ballot__second_id")
    counted: Any = VoteComment.objects.filter(
        vote__duel__ballot__excluded_reason="", vote__duel__ballot__set_aside=None
    ).exclude(reasons=[])
    rows: ReasonGroups = counted.values_list(model, "reasons").annotate(Count("pk")).order_by()
    return rows


def _reasons_of_reactions() -> ReasonGroups:
    """Reactions set before the vote, or in duels without one, while it would have counted."""
    duel = "answer__turn__duel"
    blind = Q(**{f"{duel}__vote": None, "changed_at__lte": F(f"{duel}__created_at") + VOTING_PERIOD}) | Q(
        changed_at__lt=F(f"{duel}__vote__created_at")
    )
    is_counted = Q(**{f"{duel}__ballot__excluded_reason": "", f"{duel}__ballot__set_aside": None})
    counted: Any = Reaction.objects.filter(blind, is_counted)
    with_reasons = counted.exclude(reasons=[]).values_list("answer__model_id", "reasons")
    rows: ReasonGroups = with_reasons.annotate(Count("pk")).order_by()
    return rows
