"""How long the answers of each model are, here."""

import numpy as np
from django.db.models import Count, F

from duels.models import Answer
from leaderboard.ranking.bulk_read import Integers, read_int_columns

MIN_ANSWERS = 10  # below, a median says little of the next answer


def median_tokens() -> dict[int, float]:
    """Median number of tokens of one answer, hidden reasoning included, by key of model.

    From all the answers that ended here by themselves; models with too few of them are left out.
    """
    ended = Answer.objects.filter(state=Answer.State.DONE, stopped=False).exclude(text="")
    lengths = ended.values_list("model_id", F("tokens_out") + F("reasoning_tokens")).order_by()
    columns = read_int_columns(lengths.annotate(Count("pk")))
    if not columns.size:
        return {}
    model, tokens, answers = columns
    per_model = {int(key): (tokens[model == key], answers[model == key]) for key in np.unique(model)}
    return {
        key: weighted_median(values, counts)
        for key, (values, counts) in per_model.items()
        if counts.sum() >= MIN_ANSWERS
    }


def weighted_median(values: Integers, counts: Integers) -> float:
    """The median of values that each occur so many times; between two middle ones, their mean."""
    order = np.argsort(values)
    reached = np.cumsum(counts[order])
    middle = (reached[-1] - 1) / 2
    ends = np.searchsorted(reached, [np.floor(middle), np.ceil(middle)], side="right")
    return float(values[order][ends].mean())
