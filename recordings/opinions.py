"""Opinions of everybody on a recording: the votes of its replays, before and after the reveal."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, TextChoices

from duels.models import Duel, SecondVote, Vote
from recordings.models import Recording


@dataclass(frozen=True, slots=True)
class Share:
    """One choice: its votes, and their part of all in percent."""

    choice: str
    label: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class Opinions:
    """people: how many have voted."""

    people: int
    blind: list[Share]
    second: list[Share]


def opinions(recording: Recording) -> Opinions:
    replays = Duel.objects.filter(replay__recording=recording).order_by()
    blind = dict(replays.exclude(vote=None).values_list("vote__choice").annotate(Count("pk")))
    second = dict(replays.exclude(second_vote=None).values_list("second_vote__choice").annotate(Count("pk")))
    return Opinions(
        people=sum(blind.values()),
        blind=_shares(blind, Vote.Choice),
        second=_shares(second, SecondVote.Choice) if second else [],
    )


def _shares(counts: Mapping[str, int], choices: type[TextChoices]) -> list[Share]:
    total = max(1, sum(counts.values()))
    return [
        Share(choice, str(choice.label), counts.get(choice, 0), round(100 * counts.get(choice, 0) / total))
        for choice in choices
    ]
