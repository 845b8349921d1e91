"""A compiled query gives the rows of its queryset, for any values, in any thread; or it refuses."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.models import Q, QuerySet
from django.db.transaction import TransactionManagementError
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from duels.models import Answer
from tests import cast
from web.compiled_query import NotCompilable, compiled_query


def of_turn(code: str, number: int) -> QuerySet[Answer]:
    answers = Answer.objects.filter(turn__duel__code=code, turn__number=number, stopped=False)
    return answers.select_related("turn__duel__vote", "model__organisation").order_by("side")


answers_of_turn = compiled_query(of_turn)


def by_code(answers: QuerySet[Answer]) -> Callable[[str], QuerySet[Answer]]:
    """A function to compile: these answers of one duel."""

    def of_duel(code: str) -> QuerySet[Answer]:
        return answers.filter(turn__duel__code=code)

    return of_duel


@pytest.fixture
def codes() -> list[str]:
    models = cast.petit_3b(), cast.grand_70b()
    return [cast.make_duel(*models).code for _ in range(3)]


@pytest.mark.django_db
def test_the_rows_are_those_of_the_queryset(codes: list[str]) -> None:
    for code in [*codes, "sentinel 0", "inconnu'--"]:
        for number in (1, 2):
            found, sought = answers_of_turn(code, number), of_turn(code, number)
            assert [model_to_dict(answer) for answer in found] == [model_to_dict(answer) for answer in sought]


@pytest.mark.django_db
def test_related_rows_come_in_the_same_query(codes: list[str]) -> None:
    for code in codes:
        with CaptureQueriesContext(connection) as queries:
            answers = answers_of_turn(code, 1)
            names = [(answer.turn.duel.code, answer.model.organisation.name) for answer in answers]
            assert not hasattr(answers[0].turn.duel, "vote")
        assert len(queries) == 1
        assert names == [(code, answer.model.organisation.name) for answer in of_turn(code, 1)]


@pytest.mark.django_db(transaction=True)
def test_each_thread_reads_on_its_own_connection(codes: list[str]) -> None:

    def sides(code: str) -> list[tuple[str, str]]:
        try:
            return [(answer.turn.duel.code, answer.side) for answer in answers_of_turn(code, 1)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        for code, found in zip(codes * 8, threads.map(sides, codes * 8), strict=True):
            assert found == [(code, "a"), (code, "b")]


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_where_the_queryset_locks_them(codes: list[str]) -> None:
    locked = compiled_query(by_code(Answer.objects.select_for_update()))
    with pytest.raises(TransactionManagementError):
        locked(codes[0])
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        assert len(locked(codes[0])) == 2
    assert "FOR UPDATE" in queries.captured_queries[0]["sql"]


def test_a_function_keeps_its_name() -> None:
    assert answers_of_turn.__name__ == "of_turn"


def contained(code: str) -> QuerySet[Answer]:
    return Answer.objects.filter(turn__duel__code__contains=code)


def ignored(code: str) -> QuerySet[Answer]:
    return Answer.objects.filter(stopped=False)


def compared_twice(code: str) -> QuerySet[Answer]:
    return Answer.objects.filter(Q(turn__duel__code=code) | Q(turn__prompt=code))


def beside_an_equal_constant(code: str) -> QuerySet[Answer]:
    return Answer.objects.filter(turn__duel__code=code, turn__prompt="sentinel 0")


def sliced(count: int) -> QuerySet[Answer]:
    return Answer.objects.filter(stopped=False)[:count]


def compared_as_another_type(number: int) -> QuerySet[Answer]:
    return Answer.objects.filter(turn__duel__code=number)


def prefetched(code: str) -> QuerySet[Answer]:
    return Answer.objects.filter(turn__duel__code=code).prefetch_related("turn")


def as_dicts(code: str) -> QuerySet[Any]:
    return Answer.objects.filter(turn__duel__code=code).values("text")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "value"),
    [
        (contained, "x"),
        (ignored, "x"),
        (compared_twice, "x"),
        (beside_an_equal_constant, "x"),
        (sliced, 3),
        (compared_as_another_type, 3),
        (prefetched, "x"),
        (as_dicts, "x"),
    ],
)
def test_a_queryset_that_would_give_other_rows_is_refused(
    make: Callable[[str | int], QuerySet[Answer]], value: str | int
) -> None:
    with pytest.raises(NotCompilable, match=make.__name__):
        compiled_query(make)(value)


@pytest.mark.django_db
def test_a_value_that_is_compared_twice_is_passed_twice(codes: list[str]) -> None:
    def by_code_or_prompt(code: str, prompt: str) -> QuerySet[Answer]:
        return Answer.objects.filter(Q(turn__duel__code=code) | Q(turn__prompt=prompt))

    answers = compiled_query(by_code_or_prompt)
    for code in codes:
        assert {answer.turn.duel.code for answer in answers(code, code)} == {code}


@pytest.mark.django_db
def test_the_number_of_values_must_fit(codes: list[str]) -> None:
    answers_of_turn(codes[0], 1)
    with pytest.raises(ValueError):
        answers_of_turn(codes[0])  # type: ignore[call-arg]


@pytest.mark.django_db
def test_constants_of_the_queryset_stay_theirs(codes: list[str]) -> None:
    Answer.objects.filter(turn__duel__code=codes[0], side="a").update(stopped=True)
    assert [len(answers_of_turn(code, 1)) for code in codes] == [1, 2, 2]
