"""What a snapshot shows beside its votes, in one word: when it changes, the ranking is published again."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple
from typing import Any

from leaderboard.ranking.second_votes import SecondVotePair
from models_registry.models import LanguageModel


def fingerprint(
    models: Iterable[LanguageModel], reasons: Mapping[int, Mapping[str, int]], told: Iterable[SecondVotePair]
) -> str:
    """The same for the same facts of these models, reasons of readers and second votes, in any order.

    Not the lengths of answers: each new answer changes them, by next to nothing.
    """
    facts = {model.pk: _facts(model) for model in models}
    votes = sorted(astuple(pairing) for pairing in told)
    said = {pk: reasons[pk] for pk in facts if pk in reasons}
    return hashlib.sha256(json.dumps([facts, said, votes], sort_keys=True).encode()).hexdigest()


def _facts(model: LanguageModel) -> dict[str, Any] | None:
    """What its energy is computed from; None where the facts contradict each other."""
    try:
        return asdict(model.shape())
    except ValueError:
        return None
