"""Opening, joining, the debrief, the end, the scenario of a workshop, and pages to print."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.utils import timezone

from duels.models import Duel
from tests import cast
from tests.workshops.room import DUEL, SLIDE, Room, plain, scenario, scenario_file
from web.rate_limit import RateLimit
from workshops import codes
from workshops.codes import ALPHABET, new_code, typed_code
from workshops.debrief import plain_cell
from workshops.models import Proposal, Round, RoundBallot, Seat, Workshop
from workshops.pages import participant
from workshops.pages.entrance import JOINS
from workshops.pages.participant import MAX_PROPOSALS
from workshops.removal import delete_silent
from workshops.scenario import to_toml

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


def test_who_guesses_codes_learns_nothing_more_and_a_class_beside_goes_on(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "WRONG_CODES", RateLimit("workshop-codes", 8, 28_800))
    room = Room(DUEL)
    inside, own = room.join(), f"/ateliers/{room.code}/"
    ways = ("/a/ZZZZZ/", *(f"/ateliers/ZZZZZ/{path}" for path in ("", "ecran/", "participant/etat/")))
    guesses = [client.get(way) for way in ways * 2]
    assert {guess.status_code for guess in guesses} == {404}
    assert client.post("/ateliers/rejoindre/", {"code": "ZZZZZ"}).status_code == 429
    for path, status in (("", 429), ("ecran/", 404), ("participant/etat/", 404), ("bilan/", 404)):
        assert client.get(own + path).status_code == status
    assert client.post("/ateliers/rejoindre/", {"code": room.code}).status_code == 429
    assert inside.get(own).status_code == room.lead.get(f"{own}pilote/").status_code == 200
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get(own, **elsewhere).status_code == 200


def test_a_room_that_joins_faster_than_any_is_asked_to_try_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(participant, "JOINS", RateLimit("workshop-joins", 3, 60))
    room = Room(DUEL)
    seated = [room.join() for _ in range(3)]
    late = Client().get(f"/ateliers/{room.code}/")
    assert late.status_code == 429
    assert "réessayez" in late.content.decode()
    assert seated[0].get(f"/ateliers/{room.code}/").status_code == 200
    assert JOINS.count >= 300


def test_duels_of_a_workshop_are_charged_to_it_and_to_no_visitor(settings: LazySettings) -> None:
    settings.LIMIT_WORKSHOP_DUELS_PER_HOUR = 2
    settings.LIMIT_SESSION_PER_HOUR = settings.LIMIT_ADDRESS_PER_HOUR = 1
    room, other = Room(DUEL), Room(DUEL)
    statuses = [room.command("ask"), room.command("another_pair"), room.command("another_pair")]
    assert statuses == [200, 200, 409]
    assert other.command("ask") == 200
    assert room.lead.post("/duels/", {"prompt": cast.PROMPT}).status_code == 303


def test_a_scenario_that_cannot_be_played_opens_nothing(client: Client) -> None:
    refused = client.post("/ateliers/ouvrir/", {"file": scenario_file("title = 3")})
    assert refused.status_code == 422
    assert not Workshop.objects.exists()


def test_a_scenario_that_was_saved_by_a_windows_editor_opens(client: Client) -> None:
    text = "\ufeff" + to_toml(scenario(SLIDE)).replace("\n", "\r\n")
    opened = client.post("/ateliers/ouvrir/", {"file": scenario_file(text)})
    assert opened.status_code == 303
    assert Workshop.objects.get().scenario["steps"][0]["title"] == SLIDE["title"]


@pytest.mark.parametrize(
    ("open_data", "sentence"),
    [(False, "Rien de cet atelier n’entre au classement"), (True, "peut compter au classement")],
)
def test_what_becomes_of_the_votes_is_said_on_every_view(open_data: bool, sentence: str) -> None:
    room = Room(SLIDE | {"figure": "join"}, open_data=open_data)
    own = f"/ateliers/{room.code}/"
    pages = [room.lead.get(f"{own}{path}") for path in ("ecran/", "pilote/?ouvert=1")]
    for page in (*pages, room.join().get(own)):
        assert sentence in page.content.decode()


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
    shown = ("row", "question", "side", "blind_votes", "second_votes", "changed")
    assert [tuple(row[name] for name in shown) for row in rows] == [
        ("answer", cast.PROMPT, "A", "2", "0", "2"),
        ("answer", cast.PROMPT, "B", "0", "2", "2"),
        ("lesson", "Bienvenue", "", "", "", ""),
        ("session", "", "", "", "", ""),
    ]
    assert float(rows[-1]["energy_low_wh"]) < float(rows[-1]["energy_high_wh"])
    made = room.lead.get(f"/ateliers/{room.code}/bilan.json").json()
    duel = made["duels"][0]
    assert made["energy_wh"]["low"] < made["energy_wh"]["mid"] < made["energy_wh"]["high"]
    assert (duel["blind"], duel["second"], duel["changed"]) == ({"a": 2}, {"b": 2}, 2)


@pytest.mark.slow
def test_three_duels_make_a_ranking_of_the_room_with_its_doubt_and_two_make_none() -> None:
    room = Room(*(DUEL | {"id": f"duel-{number}"} for number in range(3)))
    for _duel in range(3):
        assert "classement de la salle" not in plain(debrief_page(room))
        room.play_to("vote")
        large = room.answers.get(model__name="Grand-70B").side
        room.command(f"hands:blind:{large}:+5")
        room.play_to("outcome")
        room.command("next")
    page = plain(debrief_page(room))
    assert "Le classement de la salle" in page and "le hasard compte autant que les modèles" in page
    assert page.index("Grand-70B : 3 duels gagnés sur 3") < page.index("Petit-3B : 0 duel gagné sur 3")
    ranking = room.lead.get(f"/ateliers/{room.code}/bilan.json").json()["ranking"]
    assert ranking[0] == {"name": "Grand-70B", "won": 3, "played": 3}
    assert room.lead.get(f"/ateliers/{room.code}/bilan.csv").content.decode().count("\r\nranking,") == 2


def debrief_page(room: Room) -> str:
    return room.lead.get(f"/ateliers/{room.code}/bilan/").content.decode()


def test_a_question_is_no_formula_in_a_spreadsheet() -> None:
    assert plain_cell("=1+1") == "'=1+1"
    assert plain_cell("Pourquoi ?") == "Pourquoi ?"


@pytest.mark.django_db(transaction=True)
def test_a_seat_proposes_five_questions_at_most_however_many_come_together() -> None:
    room = Room(DUEL)
    guest = room.join()

    def propose(number: int) -> int:
        try:
            return room.propose(guest, f"Question {number % 12} ?")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(propose, range(24)))
    assert Proposal.objects.count() == MAX_PROPOSALS
    assert set(statuses) == {200, 422}


@pytest.mark.django_db(transaction=True)
def test_streams_of_workshops_are_limited_by_address_and_apart_from_those_of_duels(
    settings: LazySettings,
) -> None:
    settings.LIMIT_STREAMS_WORKSHOPS = 2
    room = Room(DUEL)
    guest, path = room.join(), f"/ateliers/{room.code}/participant/flux/"
    opened = [guest.get(path) for _ in range(2)]
    refused = guest.get(path)
    assert [response.status_code for response in (*opened, refused)] == [200, 200, 429]
    assert refused["Retry-After"]
    assert guest.get(path, REMOTE_ADDR="192.0.2.7").status_code == 200
    opened[0].close()
    assert guest.get(path).status_code == 200


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
