"""Until the group's reveal no view of a workshop says which model answers; after it, nothing is hidden."""

from typing import Any

import pytest
from django.test import Client

from duels.models import Answer
from models_registry.models import LanguageModel
from tests import cast
from tests.workshops.room import DUEL, Room

pytestmark = pytest.mark.usefixtures("models")
TOKENS, REASONING = 73_313, 29_029
VIEWS = ("screen", "console", "participant")


def secrets() -> set[str]:
    """Words that could identify a model: names, makers, sizes, counts, the code of the duel."""
    words = {"3.1357", "3,1", "70.8642", "70,9", str(TOKENS), str(REASONING), "73\u202f313", "73\u00a0313"}
    words |= {f"{space}Wh" for space in " \u00a0\u202f"}
    for model in LanguageModel.objects.select_related("organisation"):
        words |= {model.name, model.slug, model.organisation.name, model.organisation.slug}
    return words | set(Answer.objects.values_list("turn__duel__code", flat=True))


def everything(room: Room, guest: Client) -> str:
    """Every byte that pages, plain requests and files of a workshop send, headers too."""
    own = [
        "",
        "ecran/",
        "manches/1/",
        "bilan/",
        "bilan.csv",
        "bilan.json",
        *[f"{view}/etat/" for view in VIEWS],
    ]
    lead = [
        f"/ateliers/{room.code}/{path}" for path in ("pilote/", "pilote/scenario/", "pilote/scenario.toml")
    ]
    pages = [f"/ateliers/{room.code}/{path}" for path in own]
    responses = [client.get(path) for client in (room.lead, guest) for path in (*pages, *lead)]
    responses += answers_to_forms(room, guest)
    return "\n".join(f"{response.headers}{response.content.decode()}" for response in responses)


def answers_to_forms(room: Room, guest: Client) -> list[Any]:
    """Answers to a command in both views that send any, to a ballot, a table, a proposal, a short code."""

    def sent(client: Client, path: str, **fields: str) -> Any:
        return client.post(f"/ateliers/{room.code}/{path}", fields, headers={"X-Live": "1"})

    commands = [
        {"command": name, "view": view, "version": str(room.workshop.version + order)}
        for order, (name, view) in enumerate((("timer", "screen"), ("timer", "console")))
    ]
    return [
        *(sent(room.lead, "pilote/commande/", **fields) for fields in commands),
        sent(room.lead, "pilote/commande/", command="hands:blind:a:+1"),
        sent(room.lead, "pilote/commande/", command="ask"),  # refused at this phase
        *(sent(guest, "voix/", ballot=f"1:{kind}:a") for kind in ("blind", "bet", "second")),
        sent(guest, "tablee/", heads="2"),
        sent(guest, "proposer/", text=cast.PROMPT),
        guest.get(f"/a/{room.code}/", follow=True),
        guest.get(f"/ateliers/{room.code}/manches/1/", headers={"X-Live": "1"}),
    ]


@pytest.mark.parametrize("phase", ["answers", "vote", "closed", "results"])
def test_nothing_is_revealed_before_the_reveal(phase: str) -> None:
    room = Room(DUEL)
    guest = room.join()
    room.play_to("answers")
    Answer.objects.update(tokens_out=TOKENS, reasoning_tokens=REASONING, reasoning="Je suis Petit-3B.")
    room.play_to(phase)
    seen = everything(room, guest)
    assert cast.PROMPT in seen
    assert {word for word in secrets() if word in seen} == set()


def test_the_duel_of_a_round_belongs_to_no_visitor() -> None:
    room = Room(DUEL)
    room.play_to("vote")
    duel = room.round.duel
    assert duel
    for client in (room.lead, room.join()):
        assert client.get(duel.get_absolute_url()).status_code == 404
        assert duel.code not in client.get("/duels/").content.decode()


def test_one_beat_tells_no_more_than_the_next_factor() -> None:
    room = Room(DUEL)
    room.play_to("size")
    size = room.view("screen") + room.view("participant")
    assert "Petit-3B" in size and "3,1" in size
    room.play_to("energy")
    energy = room.view("screen")
    assert "aurait répondu" in energy and "Wh" in energy
    assert "aurait répondu" not in size


@pytest.mark.slow
def test_the_session_total_waits_for_the_reveal_of_the_step_in_play() -> None:
    room = Room(DUEL, DUEL | {"id": "autre"})
    room.play_to("outcome")
    before = room.view("screen")
    assert "Cet atelier, jusqu’ici" in before
    room.command("next")
    total = room.view("screen").split("jusqu’ici")[1].split("</span>")[0]
    room.play_to("results")
    assert total in room.view("screen")
    room.command("another_pair")
    assert total in room.view("screen")
