"""Commands of the console: each transition once, whoever presses, and only by the facilitator."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from duels import valkey
from duels.lifecycle import stream_key
from duels.models import Answer, Duel
from duels.relay.redis_stream import Event, append
from duels.worker import reaper
from models_registry.models import LanguageModel
from tests import cast
from tests.workshops.room import DUEL, Room, plain
from workshops.models import Round, Workshop
from workshops.phases import DUEL_PHASES
from workshops.rounds import SILENCE_SECONDS

pytestmark = pytest.mark.usefixtures("models")


def test_a_duel_is_played_from_the_question_to_the_second_vote() -> None:
    room = Room(DUEL)
    seen = [room.phase[1]]
    while seen[-1] != "outcome":
        assert room.command("next") == 200
        seen.append(room.phase[1])
        if seen[-1] == "answers":
            room.finish()
    assert tuple(seen) == DUEL_PHASES
    assert Duel.objects.count() == room.workshop.rounds.count() == 1


def test_two_consoles_that_press_together_make_one_step() -> None:
    room, version = Room(), 1
    other = Client()
    other.cookies.update(room.lead.cookies)
    assert room.command("next", version) == room.command("next", version, client=other) == 200
    assert room.phase == ("duel", "prompt")
    version = room.workshop.version
    for client in (room.lead, other, room.lead):
        room.command("ask", version, client=client)
    assert Duel.objects.count() == 1


def test_the_vote_waits_for_both_answers() -> None:
    room = Room(DUEL)
    room.command("ask", prompt="Et la nuit ?")
    assert room.answers.first() and room.answers[0].turn.prompt == "Et la nuit ?"
    assert room.command("next") == room.command("vote") == 409
    assert room.phase == ("duel", "answers")
    room.finish()
    assert room.command("vote") == 200
    assert room.phase == ("duel", "vote")


def test_another_pair_keeps_the_question_and_the_ballots_of_the_first() -> None:
    room = Room(DUEL)
    room.play_to("vote")
    first, voter = room.round, room.join()
    room.vote(voter, "blind", "a")
    assert room.command("another_pair") == 200
    assert room.phase == ("duel", "answers")
    assert room.round.number == 2
    assert {answer.turn.prompt for answer in Answer.objects.all()} == {DUEL["question"]}
    first.refresh_from_db()
    assert first.replaced_at and first.ballots.count() == 1
    assert room.vote(voter, "blind", "a", number=1) == 409


def test_a_model_that_has_failed_is_shown_on_the_console_alone() -> None:
    room = Room(DUEL)
    room.command("ask")
    assert "Un modèle ne répond pas" not in room.view("console")
    failure = {"state": Answer.State.FAILED, "failure": Answer.Failure.UNAVAILABLE}
    room.answers.filter(side="a").update(**failure)
    assert "Un modèle ne répond pas" in room.view("console")
    assert "Un modèle ne répond pas" not in room.view("screen") + room.view("participant")


def test_a_model_that_writes_nothing_for_half_a_minute_shows_on_the_console() -> None:
    room = Room(DUEL)
    room.command("ask")
    room.answers.update(state=Answer.State.STREAMING)
    assert "Un modèle ne répond pas" not in room.view("console")
    silence = timedelta(seconds=SILENCE_SECONDS + 1)
    Round.objects.update(created_at=timezone.now() - silence)
    assert "Un modèle ne répond pas" in room.view("console")
    assert room.command("another_pair") == 200
    assert "Un modèle ne répond pas" not in room.view("console")


def test_a_pair_whose_worker_is_gone_after_its_first_words_shows_on_the_console() -> None:
    room = Room(DUEL)
    room.command("ask")
    room.answers.update(state=Answer.State.STREAMING, heartbeat_at=timezone.now())
    key = stream_key(room.answers[0].turn)
    append(valkey.client(), key, [Event("a-chunk", "Un"), Event("b-chunk", "Deux")])
    Round.objects.update(created_at=timezone.now() - timedelta(seconds=SILENCE_SECONDS + 1))
    assert "Un modèle ne répond pas" not in room.view("console")
    room.answers.update(heartbeat_at=timezone.now() - 2 * reaper.STALE_AFTER)
    assert "Un modèle ne répond pas" in room.view("console")


def test_a_pair_that_no_models_make_now_shows_before_the_question_and_is_drawn_at_random() -> None:
    room = Room(DUEL | {"pair": "dense_against_experts"}, DUEL | {"id": "autre"})
    sentence = "ne permettent pas la paire prévue"
    assert sentence in plain(room.view("console"))
    assert "Dense contre mélange d’experts" in plain(room.view("console"))
    room.play_to("outcome")
    room.command("next")
    assert sentence not in plain(room.view("console"))


AGAIN, AT_RANDOM = "au moins un de ceux d’avant revient", "celle-ci est tirée au hasard"


def test_another_pair_that_is_none_of_its_kind_is_said_on_the_console_alone() -> None:
    room = Room(DUEL | {"pair": "small_against_large"})
    room.command("ask")
    assert not any(sentence in plain(room.view("console")) for sentence in (AGAIN, AT_RANDOM))
    room.command("another_pair")
    assert AGAIN in plain(room.view("console"))
    room = Room(DUEL | {"pair": "dense_against_experts"})
    room.command("ask")
    assert AT_RANDOM in plain(room.view("console"))
    assert "tirée au hasard" not in plain(room.view("screen") + room.view("participant"))


def test_another_pair_is_of_the_kind_that_was_picked_and_differs_where_it_can() -> None:
    small = cast.matriochka_8b().pk
    room = Room(DUEL | {"pair": "two_small"})
    room.command("ask", pair="small_against_large")
    first = {answer.model_id for answer in room.answers}
    room.command("another_pair")
    second = {answer.model_id for answer in room.answers}
    assert small in first ^ second
    assert len(first & second) == 1


def test_two_small_models_meet() -> None:
    small = {LanguageModel.objects.get(name="Petit-3B").pk, cast.matriochka_8b().pk}
    room = Room(DUEL | {"pair": "two_small"})
    room.command("ask")
    assert {answer.model_id for answer in room.answers} == small


@pytest.mark.slow
def test_names_go_back_under_cover_and_the_blind_vote_stays_closed() -> None:
    room = Room(DUEL)
    room.play_to("energy")
    voter = room.join()
    assert "Petit-3B" in room.view("screen") and "Petit-3B" in room.view("participant")
    assert room.command("cover") == 200
    assert room.phase == ("duel", "results")
    assert "Petit-3B" not in room.view("screen") + room.view("participant") + room.view("console")
    room.command("back")
    room.command("vote")
    assert room.vote(voter, "blind", "a") == 409


@pytest.mark.parametrize("name", ["danse", "hands", "hands:blind:z:+1", "remove_seat:x", ""])
def test_a_command_that_makes_no_sense_changes_nothing(name: str) -> None:
    room = Room()
    assert room.command(name) in (200, 422)
    assert room.phase == ("page", "show")


def test_nobody_but_the_facilitator_commands_or_sees_the_console() -> None:
    room = Room()
    stranger = room.join()
    paths = ("pilote/", "pilote/fin/", "pilote/scenario/", "pilote/scenario.toml", "console/etat/")
    for path in (*paths, "console/flux/", "bilan/", "bilan.csv", "bilan.json", "pilote/cle/abc/"):
        assert stranger.get(f"/ateliers/{room.code}/{path}").status_code == 404
    assert room.command("next", client=stranger) == 404
    assert room.phase == ("page", "show")


def test_the_secret_link_opens_a_console_until_it_is_revoked() -> None:
    room, phone = Room(), Client()
    page = room.lead.get(f"/ateliers/{room.code}/pilote/?ouvert=1").content.decode()
    link = page.split("<code>")[1].split("</code>")[0].removeprefix("http://testserver")
    assert phone.get(link).status_code == 303
    assert room.command("next", client=phone) == 200
    assert room.lead.get(f"/ateliers/{room.code}/pilote/").content.decode().count(link) == 0
    room.lead.post(f"/ateliers/{room.code}/pilote/revoquer/")
    assert phone.get(link).status_code == 404
    assert room.command("next", client=phone) == 404
    assert room.command("timer") == 200


def test_a_removed_device_and_a_removed_proposal_are_gone() -> None:
    room = Room(DUEL)
    guest = room.join()
    guest.post(f"/ateliers/{room.code}/proposer/", {"text": "Pourquoi la mer est salée ?"})
    assert "la mer est salée" in room.view("console")
    assert "la mer est salée" not in room.view("screen") + room.view("participant")
    room.play_to("vote")
    room.vote(guest, "blind", "a")
    assert room.command("remove_seat:1") == 200
    assert room.vote(guest, "blind", "b") == 410
    assert "la mer est salée" not in room.view("console")
    room.command("results")
    assert not any(room.round.ballots.filter(seat__removed_at=None))


def test_workshops_are_opened_by_whom_operators_say(settings: object, client: Client) -> None:
    settings.WORKSHOP_OPENERS = "curators"  # type: ignore[attr-defined]
    assert client.post("/ateliers/ouvrir/").status_code == 403
    settings.WORKSHOP_OPENERS = "nobody"  # type: ignore[attr-defined]
    assert client.post("/ateliers/ouvrir/").status_code == 403
    assert not Workshop.objects.exists()
