"""A prepared query gives what its queryset gives, for any values, in any thread."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from duels.models import Answer
from tests import cast
from web.compiled_query import Prepared


def of_turn(code: str, number: int) -> QuerySet[Answer]:
    answers = Answer.objects.filter(turn__duel__code=code, turn__number=number, stopped=False)
    return answers.select_related("turn__duel__vote", "model__organisation").order_by("side")


@pytest.fixture
def codes() -> list[str]:
    models = cast.petit_3b(), cast.grand_70b()
    return [cast.make_duel(*models).code for _ in range(3)]


@pytest.mark.django_db
def test_the_rows_are_those_of_the_queryset(codes: list[str]) -> None:
    prepared = Prepared(of_turn)
    for code in [*codes, "value 0", "inconnu'--"]:
        for number in (1, 2):
            found, sought = prepared(code, number), of_turn(code, number)
            assert [model_to_dict(answer) for answer in found] == [model_to_dict(answer) for answer in sought]


@pytest.mark.django_db
def test_what_is_selected_with_them_is_asked_for_no_more(codes: list[str]) -> None:
    prepared = Prepared(of_turn)
    for code in codes:
        with CaptureQueriesContext(connection) as asked:
            answers = prepared(code, 1)
            told = [(answer.turn.duel.code, answer.model.organisation.name) for answer in answers]
            assert not hasattr(answers[0].turn.duel, "vote")
        assert len(asked) == 1
        assert told == [(code, answer.model.organisation.name) for answer in of_turn(code, 1)]


@pytest.mark.django_db(transaction=True)
def test_threads_ask_side_by_side_each_on_its_own_connection(codes: list[str]) -> None:
    prepared = Prepared(of_turn)

    def sides(code: str) -> list[tuple[str, str]]:
        try:
            return [(answer.turn.duel.code, answer.side) for answer in prepared(code, 1)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        for code, told in zip(codes * 8, threads.map(sides, codes * 8), strict=True):
            assert told == [(code, "a"), (code, "b")]


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_where_the_queryset_locks_them(codes: list[str]) -> None:
    prepared = Prepared(lambda code: Answer.objects.select_for_update().filter(turn__duel__code=code))
    with pytest.raises(TransactionManagementError):
        prepared(codes[0])
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        assert len(prepared(codes[0])) == 2
    assert "FOR UPDATE" in asked.captured_queries[0]["sql"]
