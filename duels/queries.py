"""Duels with their turns and answers, loaded in one or two compiled queries."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from django.db.models import Model, Prefetch, QuerySet

from duels.models import MAX_TURNS, Answer, Duel, Turn
from web.compiled_query import compiled_query

OPINIONS = ("vote", "guess", "second_vote")


def load_own_duel(visitor: str | None, code: str) -> Duel | None:
    """The visitor's duel of that code with its turns and answers; the models only once it is revealed."""
    answers = _own(visitor or "", code)
    if not answers:
        return None
    duel = answers[0].turn.duel
    return load_answers(duel) if duel.is_revealed else _with(duel, answers)


@compiled_query
def _own(visitor: str, code: str) -> QuerySet[Answer]:
    own = Answer.objects.filter(turn__duel__visitor=visitor, turn__duel__code=code)
    opinions = [f"turn__duel__{opinion}" for opinion in (*OPINIONS, "share")]
    return own.select_related("reaction", *opinions).order_by("turn__number", "side")


def load_sides(visitor: str | None, code: str, number: int) -> list[Answer]:
    """Both answers of one turn of the visitor's duel; none where there is no such turn."""
    # The number comes from an address, and may be larger than any column holds.
    return _sides(visitor or "", code, number) if number <= MAX_TURNS else []


@compiled_query
def _sides(visitor: str, code: str, number: int) -> QuerySet[Answer]:
    own = Answer.objects.filter(turn__duel__code=code, turn__duel__visitor=visitor, turn__number=number)
    return own.select_related("turn__duel").order_by("side")


def load_answers(duel: Duel) -> Duel:
    """Load the turns, answers and models of a duel that is revealed."""
    return _with(duel, _answers_and_models(duel.pk))


def _with(duel: Duel, answers: Sequence[Answer]) -> Duel:
    set_prefetched(
        duel, "turns", [_turn(duel, list(own)) for _, own in groupby(answers, attrgetter("turn_id"))]
    )
    return duel


@compiled_query
def _answers_and_models(duel_id: int) -> QuerySet[Answer]:
    answers = Answer.objects.filter(turn__duel=duel_id)
    with_models = answers.select_related("turn", "reaction", "model__organisation", "model__licence")
    return with_models.order_by("turn__number", "side")


def _turn(duel: Duel, answers: Sequence[Answer]) -> Turn:
    turn = answers[0].turn
    turn.duel = duel
    for answer in answers:
        answer.turn = turn
    set_prefetched(turn, "answers", answers)
    return turn


def set_prefetched(owner: Model, name: str, found: Sequence[Model]) -> None:
    """Make `owner.<name>.all()` return these rows without a query, as after prefetch_related."""
    rows = getattr(owner, name).all()
    rows._result_cache = found
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = rows


def with_answers_without_texts(duels: QuerySet[Duel]) -> QuerySet[Duel]:
    """Prefetch turns, answers and their models, for pages that list many duels; no text is read."""
    answers = Answer.objects.select_related("model").defer("text", "html", "reasoning")
    return duels.prefetch_related("turns", Prefetch("turns__answers", answers))
