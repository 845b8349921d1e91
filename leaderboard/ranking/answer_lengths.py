"""Median length of each model's answers on this site."""

import numpy as np
from django.db.models import Count, F, Q
from django.utils import timezone

from duels.models import Answer, Turn
from duels.votes.vote_counting import VOTING_PERIOD
from leaderboard.ranking.bulk_read import Integers, read_int_columns

MIN_ANSWERS = 10  # below, a median says little of the next answer


def median_tokens() -> dict[int, float]:
    """Median tokens of one answer, hidden reasoning included, by key of model.

    Counts the answers that ended by themselves; leaves out models with fewer than MIN_ANSWERS, and duels
    that still wait for their vote: a length that moves would show which model is on which side.
    """
    private = Turn.objects.filter(duel__in_open_data=False)
    is_closed = Q(turn__duel__created_at__lt=timezone.now() - VOTING_PERIOD)
    is_known = Q(turn__duel__vote__isnull=False) | is_closed
    ended = Answer.objects.filter(is_known, state=Answer.State.DONE, stopped=False).exclude(text="")
    ended = ended.exclude(turn__in=private)
    lengths = ended.values_list("model_id", F("tokens_out") + F("reasoning_tokens")).order_by()
    columns = read_int_columns(lengths.annotate(Count("pk")))
    if not columns.size:
        return {}
    model, tokens, n_answers = columns
    per_model = {int(key): (tokens[model == key], n_answers[model == key]) for key in np.unique(model)}
    return {
        key: weighted_median(values, counts)
        for key, (values, counts) in per_model.items()
        if counts.sum() >= MIN_ANSWERS
    }


def weighted_median(values: Integers, counts: Integers) -> float:
    """The median of values that occur `counts` times each, both of shape (n,)."""
    order = np.argsort(values)
    cumulated = np.cumsum(counts[order])
    middle = (cumulated[-1] - 1) / 2
    ends = np.searchsorted(cumulated, [np.floor(middle), np.ceil(middle)], side="right")
    return float(values[order][ends].mean())
