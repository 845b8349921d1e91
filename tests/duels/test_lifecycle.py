"""Changes of a duel: once each, in its time, whoever clicks twice."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from django.test import Client
from kombu.exceptions import OperationalError

from duels import lifecycle, tasks
from duels.lifecycle import InvalidState
from duels.models import MAX_TURNS, Answer, Duel, Turn
from duels.worker.claims import claim_turn, conversation
from duels.worker.reaper import REQUEUE_AFTER, requeue_lost
from models_registry.models import LanguageModel
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast_of_two(db: None) -> tuple[LanguageModel, LanguageModel]:
    return cast.petit_3b(), cast.grand_70b()


@pytest.fixture
def duel(client: Client, cast_of_two: tuple[LanguageModel, LanguageModel]) -> Duel:
    """A finished duel of this client, ready for the vote."""
    return cast.make_duel(*cast_of_two, visitor=cast.visitor_in(client))


def as_stored(duel: Duel) -> Duel:
    return Duel.objects.get(pk=duel.pk)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """The result of each act, or the error it raised, when all begin together, each on its own connection."""
    given: list[object] = [None] * len(acts)
    together = threading.Barrier(len(acts))

    def run(place: int) -> None:
        together.wait()
        try:
            given[place] = acts[place]()
        except InvalidState as error:
            given[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return given


def test_a_follow_up_goes_to_the_same_two_models_on_the_same_sides(duel: Duel) -> None:
    turn = lifecycle.add_turn(duel, "Et ensuite ?")
    assert turn.number == 2
    sides = [[(answer.side, answer.model_id) for answer in turn.answers.all()] for turn in duel.turns.all()]
    assert sides[0] == sides[1]
    assert {answer.state for answer in turn.answers.all()} == {Answer.State.WAITING}


def test_nothing_is_asked_while_a_side_writes(duel: Duel) -> None:
    Answer.objects.filter(side="a").update(state=Answer.State.STREAMING)
    with pytest.raises(InvalidState):
        lifecycle.add_turn(duel, "Et ensuite ?")


def test_nothing_is_asked_after_the_vote(duel: Duel) -> None:
    cast.vote(duel)
    with pytest.raises(InvalidState):
        lifecycle.add_turn(as_stored(duel), "Et ensuite ?")


def test_ten_questions_can_be_asked_and_the_eleventh_is_given_back(
    client: Client, duel: Duel, cast_of_two: tuple[LanguageModel, LanguageModel]
) -> None:
    for _ in range(MAX_TURNS - 2):
        cast.add_turn(duel, *cast_of_two)
    url = f"{duel.get_absolute_url()}turns/"
    assert client.post(url, {"prompt": "La dixième"}).status_code == 303
    Answer.objects.update(state=Answer.State.DONE, text="Voilà.")
    response = client.post(url, {"prompt": "La onzième, bien à moi"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Ce duel a atteint ses 10 questions" in page
    assert "La onzième, bien à moi" in page
    assert duel.turns.count() == MAX_TURNS == 10


def test_the_same_follow_up_sent_twice_is_one_turn(client: Client, duel: Duel) -> None:
    url = f"{duel.get_absolute_url()}turns/"
    responses = [client.post(url, {"prompt": "Et ensuite ?"}) for _ in range(2)]
    assert [response.status_code for response in responses] == [303, 303]
    assert {response["Location"] for response in responses} == {f"{duel.get_absolute_url()}#turn-2"}
    assert duel.turns.count() == 2


def test_a_question_from_a_tab_that_is_behind_is_given_back(client: Client, duel: Duel) -> None:
    url = f"{duel.get_absolute_url()}turns/"
    client.post(url, {"prompt": "Depuis le premier onglet"})
    response = client.post(url, {"prompt": "Depuis le second onglet"})
    assert response.status_code == 409
    assert "Depuis le second onglet" in response.content.decode()
    assert duel.turns.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_follow_ups_at_the_same_moment_are_one_turn(duel: Duel) -> None:
    read = [as_stored(duel) for _ in range(2)]
    given = at_once(*[lambda duel=duel: lifecycle.add_turn(duel, "Et ensuite ?") for duel in read])
    assert sorted(type(result).__name__ for result in given) == ["InvalidState", "Turn"]
    assert Answer.objects.filter(turn__number=2).count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_worker_wins_a_turn(cast_of_two: tuple[LanguageModel, LanguageModel]) -> None:
    turn = cast.make_duel(*cast_of_two, state=Answer.State.WAITING).last_turn
    given = at_once(*[lambda: claim_turn(turn.pk)] * 4)
    assert sorted(len(claimed) for claimed in given) == [0, 0, 0, 2]


def test_a_stop_ends_what_no_worker_has_taken_and_leaves_the_rest_to_them(
    cast_of_two: tuple[LanguageModel, LanguageModel],
) -> None:
    duel = cast.make_duel(*cast_of_two, state=Answer.State.WAITING)
    Answer.objects.filter(side="a").update(state=Answer.State.STREAMING)
    lifecycle.stop(duel)
    assert dict(Answer.objects.values_list("side", "state")) == {"a": "streaming", "b": "done"}
    assert Turn.objects.get().stopped_at is not None


def test_a_side_stopped_before_its_first_word_is_revealed_like_any_other(client: Client, duel: Duel) -> None:
    Answer.objects.filter(side="b").delete()
    stopped = Answer.objects.create(
        turn=duel.last_turn, side="b", model=LanguageModel.objects.get(slug="grand-70b")
    )
    lifecycle.stop(as_stored(duel))
    stopped.refresh_from_db()
    assert (stopped.state, stopped.text, stopped.shape) == (Answer.State.DONE, "", {})
    assert client.post(f"{duel.get_absolute_url()}vote/", {"choice": "a"}, follow=True).status_code == 200
    document = client.get(f"{duel.get_absolute_url()}reveal.json").json()
    assert document["sides"]["b"]["total_params_b"] == 70.55
    assert document["sides"]["b"]["tokens_out"] == 0
    assert document["verdict"] is None


def test_a_turn_stopped_before_its_first_word_is_no_part_of_the_conversation(
    duel: Duel, cast_of_two: tuple[LanguageModel, LanguageModel]
) -> None:
    cast.add_turn(duel, *cast_of_two, prompt="Arrêtée à gauche", texts=("", "Une réponse."))
    turn = cast.add_turn(duel, *cast_of_two, prompt="La suite", state=Answer.State.WAITING)
    document = {
        answer.side: [message.content for message in conversation(answer)] for answer in turn.answers.all()
    }
    assert document["a"] == [cast.PROMPT, cast.ANSWERS[0], "La suite"]
    assert document["b"] == [cast.PROMPT, cast.ANSWERS[1], "Arrêtée à gauche", "Une réponse.", "La suite"]


@pytest.mark.django_db(transaction=True)
def test_two_reapers_at_once_queue_a_turn_again_once(
    cast_of_two: tuple[LanguageModel, LanguageModel],
) -> None:
    """As when a worker that starts finds two ticks of the clock in its queue."""
    turns = [cast.make_duel(*cast_of_two, state=Answer.State.WAITING).last_turn.pk for _ in range(20)]
    Answer.objects.update(heartbeat_at=None, queued_at=Now() - 2 * REQUEUE_AFTER)
    found = at_once(*[requeue_lost] * 4)
    assert sorted(turn for one in found for turn in one) == sorted(turns)  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_costs_nobody_their_duel(duel: Duel, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise OperationalError("broker")

    monkeypatch.setattr(tasks.generate_turn, "apply_async", refuse)
    with transaction.atomic():
        tasks.enqueue(duel.last_turn)
    tasks.enqueue(duel.last_turn)  # outside a transaction it is called at once


def test_a_failed_side_begins_again_empty_and_the_other_stays(duel: Duel) -> None:
    Answer.objects.filter(side="a").update(
        state=Answer.State.FAILED, failure=Answer.Failure.CUT, text="Il était une"
    )
    answer = lifecycle.retry_side(duel, "a")
    assert (answer.state, answer.text, answer.failure, answer.finished_at) == ("waiting", "", "", None)
    assert Answer.objects.get(side="b").text == cast.ANSWERS[1]


def test_what_has_not_failed_or_was_voted_on_does_not_begin_again(duel: Duel) -> None:
    with pytest.raises(InvalidState):
        lifecycle.retry_side(duel, "a")
    Answer.objects.filter(side="a").update(state=Answer.State.FAILED, failure=Answer.Failure.CUT)
    cast.vote(duel)
    with pytest.raises(InvalidState):
        lifecycle.retry_side(as_stored(duel), "a")
