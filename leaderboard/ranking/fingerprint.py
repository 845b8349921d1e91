"""Hash what a snapshot shows besides its votes: when it changes, a new snapshot is due."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple
from typing import Any

from leaderboard.ranking.second_votes import SecondVotePair
from models_registry.models import LanguageModel


def fingerprint(
    models: Iterable[LanguageModel],
    reasons: Mapping[int, Mapping[str, int]],
    second_votes: Iterable[SecondVotePair],
) -> str:
    """SHA-256, in hexadecimal, of the models' sizes, the readers' reasons and the second votes, in any order.

    The lengths of answers are left out: each new answer changes them, by next to nothing.
    """
    shapes = {model.pk: _shape(model) for model in models}
    reasons_shown = {pk: reasons[pk] for pk in shapes if pk in reasons}
    inputs = [shapes, reasons_shown, sorted(astuple(pair) for pair in second_votes)]
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def _shape(model: LanguageModel) -> dict[str, Any] | None:
    """The shape from which the energy is computed; None where the facts contradict each other."""
    try:
        return asdict(model.shape())
    except ValueError:
        return None
