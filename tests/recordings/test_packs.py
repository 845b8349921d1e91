"""A pack: what it holds of a duel, its schema, its way out of a site and into another."""

import copy
import json
from io import StringIO
from pathlib import Path

import jsonschema_rs
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from duels.answers.consumption import answers_by_side, estimate_side
from duels.models import Answer, Duel, Guess, Side, Turn, VoteComment
from duels.queries import load_answers
from duels.reveal.sides import build_sides
from recordings.importing import Refusal, import_pack
from recordings.models import Recording
from recordings.pack_file import pack_json
from recordings.pack_format import Pack, RecordedDuel
from recordings.pack_schema import InvalidPack, parse_pack, schema_text
from recordings.pages.schema import FILE
from recordings.recorder import NothingToRecord, make_pack, record_duel
from recordings.replays import build_duel, models_as_recorded, store_duel
from tests import cast
from tests.recordings.conftest import PACE

pytestmark = pytest.mark.django_db


def test_a_recording_says_all_of_the_answers(recorded: RecordedDuel) -> None:
    turn = recorded["turns"][0]
    assert (turn["question"], turn["a"]["text"], turn["b"]["text"]) == (cast.PROMPT, *cast.ANSWERS)
    assert turn["a"]["pace"] == {"kind": "recorded", "points": PACE}
    assert (turn["b"]["pace"]["kind"], turn["b"]["pace"]["points"][-1][1]) == (
        "rebuilt",
        len(cast.ANSWERS[1]),
    )
    assert turn["a"]["reasoning"] == "Voyons."
    facts = recorded["models"]["b"]
    assert (facts["slug"], facts["total_params_b"], facts["organisation"]["name"]) == (
        "grand-70b",
        70.55,
        "Ateliers Hautemer",
    )


def test_its_energy_is_that_of_the_duel(duel: Duel, recorded: RecordedDuel) -> None:
    estimate = estimate_side(answers_by_side(duel)["b"])
    assert recorded["energy"]["b"] == {
        "method": estimate.method.name,
        "method_version": estimate.method.version,
        "low_wh": estimate.low_wh,
        "mid_wh": estimate.mid_wh,
        "high_wh": estimate.high_wh,
    }


def test_it_holds_nothing_of_its_visitor(duel: Duel) -> None:
    VoteComment.objects.create(vote=duel.vote, side="b", reasons=["clear"], comment="Ma remarque")
    Guess.objects.create(duel=duel, side=Side.B, factor=10)
    text = json.dumps(record_duel(load_answers(Duel.objects.get())))
    for secret in (duel.code, duel.visitor, "Ma remarque", "clear", f"{duel.created_at:%H:%M}"):
        assert secret not in text
    assert '"vote' not in text


def test_a_turn_without_two_answers_ends_it(duel: Duel) -> None:
    models = [answer.model for answer in duel.last_turn.answers.all()]
    cast.add_turn(duel, *models, prompt="Et la nuit ?", state=Answer.State.FAILED)
    assert len(record_duel(load_answers(Duel.objects.get()))["turns"]) == 1
    Answer.objects.filter(side="b").update(text="")
    with pytest.raises(NothingToRecord):
        record_duel(load_answers(Duel.objects.get()))


def test_a_pack_follows_its_published_schema(client: Client, pack: Pack) -> None:
    published = client.get("/duels-enregistres/paquet-1.schema.json")
    assert published["Access-Control-Allow-Origin"] == "*"
    jsonschema_rs.validate(published.json(), json.loads(pack_json(pack)))


def test_the_published_schema_is_that_of_the_code() -> None:
    assert FILE.read_text(encoding="utf-8") == schema_text()


def test_a_pack_is_read_as_it_was_written(pack: Pack) -> None:
    assert parse_pack(pack_json(pack).encode()) == pack


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("version", 2),
        ("format", "autre"),
        ("duels", []),
        ("visitor", "x"),
        ("maker", "x" * 501),
        ("duels.0.turns.0.a.tokens_out", -1),
        ("duels.0.turns.0.a.tokens_out", "12"),
        ("duels.0.turns.0.a.pace.points", [[1, 2, 3]]),
        ("duels.0.energy.a.mid_wh", float("nan")),
        ("duels.0.recorded_on", "2026-02-30"),
    ],
)
def test_what_is_no_pack_is_refused(pack: Pack, place: str, value: object) -> None:
    wrong = copy.deepcopy(pack)
    *path, last = place.split(".")
    inner: object = wrong
    for step in path:
        inner = inner[int(step) if step.isdigit() else step]  # type: ignore[index]
    inner[last] = value  # type: ignore[index]
    with pytest.raises(InvalidPack):
        parse_pack(pack_json(wrong).encode())


def test_a_duel_in_memory_has_the_figures_of_the_duel(duel: Duel, recorded: RecordedDuel) -> None:
    method = recorded["energy"]["a"]["method"]
    for models in (models_as_recorded(recorded), {one.side: one.model for one in build_sides(duel, method)}):
        sides = build_sides(build_duel(recorded, models), method)
        assert [side.estimate for side in sides] == [side.estimate for side in build_sides(duel, method)]
        assert [side.model.name for side in sides] == ["Petit-3B", "Grand-70B"]


def test_a_stored_replay_is_recorded_as_its_recording(recorded: RecordedDuel) -> None:
    replay = store_duel(recorded, cast.A_VISITOR)
    assert not replay.in_open_data
    again = record_duel(load_answers(Duel.objects.get(pk=replay.pk)))
    again["turns"][0]["b"]["pace"]["kind"] = "rebuilt"
    assert again == recorded


def test_an_import_takes_each_recording_once(pack: Pack) -> None:
    rehearsed = import_pack(pack, dry_run=True)
    assert (rehearsed.taken, Recording.objects.count()) == (1, 0)
    assert import_pack(pack).taken == 1
    again = import_pack(pack)
    assert (again.taken, again.known, Recording.objects.count()) == (0, 1, 1)
    stored = Recording.objects.get()
    assert (stored.title, stored.maker, stored.document) == (cast.PROMPT, "Une classe", pack["duels"][0])


def test_an_import_counts_what_it_refuses_by_reason(pack: Pack) -> None:
    empty, unknown, impossible = (copy.deepcopy(pack["duels"][0]) for _ in range(3))
    empty["turns"][0]["b"]["text"] = " "
    unknown["models"]["a"]["slug"] = "un-autre"
    impossible["turns"][0]["a"]["shape"] = {"architecture": "dense", "total_params_b": -3}
    report = import_pack({**pack, "duels": [empty, unknown, impossible]})
    assert report.taken == 0
    assert report.refused == {Refusal.EMPTY_SIDE: 1, Refusal.UNKNOWN_MODEL: 1, Refusal.NO_ENERGY: 1}


def test_the_commands_take_a_duel_out_and_in_again(duel: Duel, tmp_path: Path) -> None:
    file, out = tmp_path / "paquet.json", StringIO()
    call_command("pack", duel.code, out=file, maker="Une classe", stdout=out)
    assert "1" in out.getvalue()
    call_command("import_pack", str(file), dry_run=True, stdout=out)
    assert not Recording.objects.exists()
    call_command("import_pack", str(file), stdout=out)
    assert Recording.objects.get().maker == "Une classe"


def test_texts_with_personal_data_do_not_leave_by_the_command(duel: Duel, tmp_path: Path) -> None:
    Turn.objects.update(prompt="Écris à jean.dupont@exemple.fr")
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("pack", duel.code, out=tmp_path / "paquet.json", stderr=said)
    assert duel.code in said.getvalue()
    assert not (tmp_path / "paquet.json").exists()


def test_its_visitor_downloads_it_after_a_tick(client: Client, duel: Duel) -> None:
    path = f"{duel.get_absolute_url()}enregistrer/"
    assert client.get(path).status_code == 404
    Duel.objects.update(visitor=cast.visitor_in(client))
    assert client.get(path).status_code == 200
    assert client.post(path, {"file": "json"}).status_code == 422
    response = client.post(path, {"file": "json", "agreed": "on", "maker": "Moi"})
    assert "attachment" in response["Content-Disposition"]
    pack = parse_pack(response.content)
    assert (pack["maker"], pack["duels"][0]["turns"][0]["question"]) == ("Moi", cast.PROMPT)


def test_nothing_is_recorded_before_the_vote(client: Client) -> None:
    blind = cast.make_duel(cast.melange_117b(), cast.secret(), visitor=cast.visitor_in(client))
    for response in (
        client.get(f"{blind.get_absolute_url()}enregistrer/"),
        client.post(f"{blind.get_absolute_url()}enregistrer/", {"file": "json", "agreed": "on"}),
    ):
        assert (response.status_code, response["Location"]) == (303, blind.get_absolute_url())


def test_its_visitor_is_warned_of_personal_data(client: Client, duel: Duel) -> None:
    Duel.objects.update(visitor=cast.visitor_in(client))
    Turn.objects.update(prompt="Écris à jean.dupont@exemple.fr")
    assert "donnée personnelle" in client.get(f"{duel.get_absolute_url()}enregistrer/").content.decode()


def test_a_pack_of_two_duels_keeps_their_order(pack: Pack) -> None:
    other = copy.deepcopy(pack["duels"][0])
    other["turns"][0]["question"] = "Une autre"
    questions = [duel["turns"][0]["question"] for duel in make_pack([other, *pack["duels"]], "", "")["duels"]]
    assert questions == ["Une autre", cast.PROMPT]
