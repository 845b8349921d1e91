"""Opening, joining, the debrief, the end, the scenario of a workshop, and pages to print."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from duels.models import Duel
from tests.workshops.room import DUEL, SLIDE, Room, plain, scenario_file
from workshops.codes import ALPHABET, new_code, typed_code
from workshops.debrief import plain_cell
from workshops.models import Proposal, Round, RoundBallot, Seat, Workshop
from workshops.removal import delete_silent

pytestmark = pytest.mark.usefixtures("models")


@pytest.mark.parametrize("path", ["/ateliers/", "/ateliers/guide/", "/ateliers/cartes/", "/a/"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_without_a_workshop_open(client: Client, path: str, language: str) -> None:
    response = client.get(path, headers={"Accept-Language": language})
    assert response.status_code == 200


def test_a_code_is_easy_to_say_and_found_however_it_is_typed(client: Client) -> None:
    assert not set("IO01") & set(ALPHABET)
    assert typed_code("k7-mqx ") == typed_code(" K7 MQX") == "K7MQX"
    assert typed_code("K7MQ0") == typed_code("") == typed_code("KKKKKK") == ""
    assert len({new_code() for _ in range(100)}) == 100
    room = Room()
    for path in (f"/a/{room.code.lower()}/", f"/ateliers/{room.code}/"):
        assert client.get(path, follow=True).status_code == 200
    spoken = f"{room.code[:2]} {room.code[2:].lower()}"
    joined = client.post("/ateliers/rejoindre/", {"code": spoken})
    assert joined["Location"] == f"/ateliers/{room.code}/"


def test_guessing_codes_is_slowed_down(client: Client) -> None:
    statuses = [client.post("/ateliers/rejoindre/", {"code": "ZZZZZ"}).status_code for _ in range(62)]
    assert statuses[0] == 404
    assert statuses[-1] == 429


def test_a_scenario_that_cannot_be_played_opens_nothing(client: Client) -> None:
    refused = client.post("/ateliers/ouvrir/", {"file": scenario_file("title = 3")})
    assert refused.status_code == 422
    assert not Workshop.objects.exists()


def test_both_answers_can_be_read_on_a_device_once_they_have_ended() -> None:
    room = Room(DUEL)
    guest = room.join()
    room.command("ask")
    assert guest.get(f"/ateliers/{room.code}/manches/1/").status_code == 404
    room.finish("Du **bleu**.", "Du rouge.")
    room.view("participant", guest)
    page = guest.get(f"/ateliers/{room.code}/manches/1/").content.decode()
    assert "<strong>bleu</strong>" in page and "Du rouge." in page


@pytest.mark.slow
def test_the_debrief_holds_both_votes_and_the_energy_as_page_csv_and_json() -> None:
    room = Room(SLIDE, DUEL)
    guest = room.join(heads=2)
    room.command("next")
    room.play_to("vote")
    room.vote(guest, "blind", "a")
    room.play_to("second")
    room.vote(guest, "second", "b")
    room.play_to("outcome")
    page = plain(room.lead.get(f"/ateliers/{room.code}/bilan/").content.decode())
    for word in (
        "Petit-3B",
        "Grand-70B",
        "2 sur 2 ont changé d’avis",
        "L’atelier entier a demandé",
        "Bienvenue",
    ):
        assert word in page
    rows = list(
        csv.DictReader(io.StringIO(room.lead.get(f"/ateliers/{room.code}/bilan.csv").content.decode()))
    )
    assert [(row["side"], row["blind_votes"], row["second_votes"], row["changed"]) for row in rows] == [
        ("A", "2", "0", "2"),
        ("B", "0", "2", "2"),
    ]
    made = room.lead.get(f"/ateliers/{room.code}/bilan.json").json()
    duel = made["duels"][0]
    assert made["energy_wh"]["low"] < made["energy_wh"]["mid"] < made["energy_wh"]["high"]
    assert (duel["blind"], duel["second"], duel["changed"]) == ({"a": 2}, {"b": 2}, 2)


def test_a_question_is_no_formula_in_a_spreadsheet() -> None:
    assert plain_cell("=1+1") == "'=1+1"
    assert plain_cell("Pourquoi ?") == "Pourquoi ?"


def test_after_the_end_nobody_joins_or_votes_and_everybody_keeps_the_debrief() -> None:
    room = Room(DUEL)
    guest = room.join()
    room.play_to("second")
    assert guest.get(f"/ateliers/{room.code}/bilan/").status_code == 404
    room.lead.post(f"/ateliers/{room.code}/pilote/fin/", {"way": "end"})
    assert room.vote(guest, "second", "a") == 409
    assert guest.get(f"/ateliers/{room.code}/bilan/").status_code == 200
    newcomer = Client()
    assert newcomer.get(f"/a/{room.code}/").status_code == 404
    newcomer.get(f"/ateliers/{room.code}/")
    assert room.workshop.seats.count() == 1


@pytest.mark.parametrize("way", ["delete", "silence"])
def test_all_that_belongs_to_a_workshop_is_deleted_at_once(way: str) -> None:
    room = Room(DUEL)
    guest = room.join()
    guest.post(f"/ateliers/{room.code}/proposer/", {"text": "Pourquoi ?"})
    room.play_to("vote")
    room.vote(guest, "blind", "a")
    if way == "delete":
        room.lead.post(f"/ateliers/{room.code}/pilote/fin/", {"way": "delete"})
    else:
        assert delete_silent(timezone.now() + timedelta(hours=23)) == 0
        assert delete_silent(timezone.now() + timedelta(hours=25)) == 1
    for table in (Workshop, Round, Seat, RoundBallot, Proposal, Duel):
        assert not table.objects.exists()


def test_steps_are_moved_removed_added_and_the_whole_is_downloaded_and_uploaded() -> None:
    room = Room()
    path = f"/ateliers/{room.code}/pilote/scenario/"

    def edit(change: str, **fields: object) -> int:
        return room.lead.post(path, {"edit": change, **fields}).status_code

    def order() -> list[str]:
        return [step["id"] for step in room.workshop.scenario["steps"]]

    assert edit("down:page") == edit("remove:debat") == 303
    assert order() == ["duel", "page", "quiz"]
    added = {"kind": "quiz", "title": "Et ?", "minutes": "4", "lines": "oui\nnon", "right": "1"}
    assert edit("add", **added) == 303
    assert edit("add", **added | {"right": "5"}) == edit("up:rien") == 422
    file = room.lead.get(f"/ateliers/{room.code}/pilote/scenario.toml").content.decode()
    assert edit("upload", file=scenario_file(file)) == 303
    assert len(order()) == 4
    assert edit("remove:page") == 303
    assert room.phase == ("duel", "prompt")
