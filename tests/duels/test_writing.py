"""What is inserted and updated by SQL written once is what Django would have stored."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from duels.models import Answer, Duel, Turn
from duels.writing import insert, update
from models_registry.models import LanguageModel
from tests import cast

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WRITTEN: dict[str, Any] = {
    "state": Answer.State.DONE,
    "stopped": True,
    "text": "100 % d’« accord » \"b\" 'c' %s",
    "tokens_in": None,
    "tokens_out": 40_000,
    "shape": {"total_params_b": 7.0, "moe": None},
    "finished_at": NOON,
    "endpoint_id": None,
}


@pytest.fixture
def turn(db: None) -> Turn:
    """A turn without answers."""
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b())
    return Turn.objects.create(duel=duel, number=7, prompt="?")


def sides(turn: Turn, **facts: Any) -> list[Answer]:
    model = LanguageModel.objects.all()[0]
    return [Answer(turn=turn, side=side, model=model, **facts) for side in ("a", "b")]


def stored(turn: Turn) -> list[dict[str, Any]]:
    """All that the database holds of the answers, but their keys and the moment they were queued."""
    rows = Answer.objects.filter(turn=turn).values()
    return [{name: row[name] for name in row if name not in ("id", "queued_at")} for row in rows]


def test_rows_are_inserted_as_django_inserts_them(turn: Turn) -> None:
    Answer.objects.bulk_create(sides(turn, **WRITTEN))
    by_django = stored(turn)
    Answer.objects.all().delete()
    answers = sides(turn, **WRITTEN)
    with CaptureQueriesContext(connection) as asked:
        insert(*answers)
    assert len(asked) == 1
    assert stored(turn) == by_django
    for answer in answers:
        read = Answer.objects.get(pk=answer.pk)
        assert read.side == answer.side
        assert read.queued_at  # by the clock of the database
        answer.refresh_from_db()
        assert model_to_dict(answer) == model_to_dict(read)


def test_a_row_that_was_inserted_can_be_saved_again(db: None) -> None:
    duel = Duel(visitor="v", mode=Duel.Mode.CHOSEN)
    insert(duel)
    duel.mode = Duel.Mode.RANDOM
    duel.save()
    assert [(row.pk, row.mode, len(row.code)) for row in Duel.objects.all()] == [(duel.pk, "random", 22)]


def test_what_the_database_refuses_is_refused(turn: Turn) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(*sides(turn), sides(turn)[0])
    assert stored(turn) == []


@pytest.mark.parametrize(("state", "is_so"), [("waiting", True), ("streaming", False)])
def test_an_update_changes_the_rows_it_names_and_no_other(turn: Turn, state: str, is_so: bool) -> None:
    answers = sides(turn)
    insert(*answers)
    before = stored(turn)
    keys = update(Answer, {"turn_id": turn.pk, "side": "a", "state": state}, WRITTEN)
    assert keys == ([answers[0].pk] if is_so else [])
    after = stored(turn)
    assert after[1] == before[1]
    assert after[0] == (before[0] | WRITTEN if is_so else before[0])


def test_the_moment_is_that_of_the_database(turn: Turn) -> None:
    insert(*sides(turn))
    update(Answer, {"turn_id": turn.pk}, {"state": "streaming"}, now=("started_at", "heartbeat_at"))
    by_django = Answer.objects.filter(turn=turn).annotate(now=Now())
    for answer in by_django:
        assert answer.started_at == answer.heartbeat_at
        assert answer.queued_at <= answer.heartbeat_at <= answer.now
