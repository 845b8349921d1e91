"""The published files: what is in them, what is not, and that they are the same twice."""

import gzip
import json
from datetime import timedelta
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import jsonschema_rs
import pytest
import redis
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from duels.models import Answer, Duel, Guess, SecondVote, Side, Vote, VoteComment
from leaderboard.ballots.collect import collect
from leaderboard.models import Ballot
from leaderboard.ranking.publish import create_snapshot
from models_registry.models import LanguageModel
from open_data import selection, views
from open_data.columns import TABLES
from open_data.documentation import data_card
from open_data.models import PublishedDuel, Release, ReleasedFile
from open_data.publication import publish
from open_data.tasks import publish_open_data
from science.energy import ModelShape, estimate
from tests import cast
from web.rate_limit import RateLimit

pytestmark = pytest.mark.django_db
SECRETS = ("jean.dupont@exemple.fr", "questions de la classe", "Question gardée pour soi")


@pytest.fixture
def pair() -> tuple[LanguageModel, LanguageModel]:
    return cast.petit_3b(), cast.grand_70b()


@pytest.fixture
def month(pair: tuple[LanguageModel, LanguageModel], monkeypatch: pytest.MonkeyPatch) -> str:
    """Votes of the last month, from four people; the thresholds are lowered to them."""
    monkeypatch.setattr(selection, "MIN_VOTERS", 4)
    monkeypatch.setattr(selection, "MIN_VOTES", 4)
    prompts = ("Pourquoi le ciel ?", SECRETS[2], f"Écris à {SECRETS[0]}", "Combien font deux et deux ?")
    duels = [
        cast.make_duel(*pair, prompt=prompt, visitor=f"{number + 1:064x}"[::-1])
        for number, prompt in enumerate(prompts)
    ]
    for duel in duels:
        vote = cast.vote(duel, Vote.Choice.B)
    VoteComment.objects.create(vote=vote, side="b", reasons=["useful", "clear"], comment="Net.")
    Guess.objects.create(duel=duels[3], side=Side.B, factor=10)
    SecondVote.objects.create(duel=duels[3], choice=SecondVote.Choice.A)
    agreed = (duels[0], duels[2], duels[3])
    Duel.objects.filter(pk__in=[duel.pk for duel in agreed]).update(texts_in_open_data=True)
    classroom = cast.make_duel(*pair, prompt=SECRETS[1], visitor="9" * 64)
    Duel.objects.filter(pk=classroom.pk).update(in_open_data=False, texts_in_open_data=True)
    cast.vote(classroom)
    collect()
    last_month = timezone.localtime().replace(day=1) - timedelta(days=3)
    Ballot.objects.update(cast_at=last_month)
    snapshot = create_snapshot("conso-duel")
    assert snapshot
    type(snapshot).objects.update(computed_at=last_month)
    return f"{last_month:%Y-%m}"


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def all_bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_another_library_reads_the_same_from_parquet(month: str, tmp_path: Path) -> None:
    publish(timezone.now(), tmp_path / "out")
    for name in (f"votes-{month}", f"texts-{month}", f"leaderboard-{month}", "models", "reasons", "removed"):
        read = duckdb.sql(f"SELECT * FROM '{tmp_path}/out/{name}.parquet'")
        found = [dict(zip(read.columns, row, strict=True)) for row in read.fetchall()]
        assert found == rows(tmp_path / "out", name)
    assert len(rows(tmp_path / "out", f"votes-{month}")) == 4


def test_lines_follow_their_schema_and_files_their_checksums(month: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(timezone.now(), out)
    for name in (f"votes-{month}", f"texts-{month}", f"leaderboard-{month}", "models", "reasons"):
        schema = json.loads((out / f"{name.removesuffix(f'-{month}')}.schema.json").read_text("utf-8"))
        validator = jsonschema_rs.validator_for(schema)
        assert [str(error) for row in rows(out, name) for error in validator.iter_errors(row)] == []
    sums = (out / "SHA256SUMS").read_text().splitlines()
    listed = dict(reversed(line.split("  ")) for line in sums)
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in out.iterdir()}
    assert listed == {name: digest for name, digest in found.items() if name != "SHA256SUMS"}


def test_the_same_votes_give_the_same_bytes_and_no_second_release(month: str, tmp_path: Path) -> None:
    publish(timezone.now(), tmp_path / "one")
    publish_open_data()
    publish(timezone.now(), tmp_path / "two")
    assert all_bytes(tmp_path / "one") == all_bytes(tmp_path / "two")
    assert Release.objects.count() == 1
    assert {file.name: bytes(file.content) for file in ReleasedFile.objects.all()} == all_bytes(
        tmp_path / "one"
    )


def test_a_row_says_the_vote_and_what_its_energy_was_computed_from(month: str, tmp_path: Path) -> None:
    publish(timezone.now(), tmp_path / "out")
    [row] = [row for row in rows(tmp_path / "out", f"votes-{month}") if row["bet_factor"]]
    assert (row["choice"], row["second_vote"], row["bet_side"], row["bet_factor"]) == ("b", "a", "b", 10)
    assert (row["model_a"], row["reasons_a"], row["reasons_b"]) == ("petit-3b", [], ["clear", "useful"])
    said = {reason["code"]: reason["label_en"] for reason in rows(tmp_path / "out", "reasons")}
    assert [said[code] for code in row["reasons_b"]] == ["clear", "useful"] and said["false"] == "wrong"
    assert (row["counted"], row["not_counted_because"], row["month"]) == (True, None, month)
    again = estimate(
        ModelShape(**json.loads(row["shape_b"])),
        row["tokens_out_b"],
        row["energy_method_b"],
        reasoning_tokens=row["reasoning_tokens_b"],
        tokens_in=row["tokens_in_b"],
        context_tokens=row["context_tokens_b"],
    )
    assert (again.energy_wh.low, again.energy_wh.mid) == (row["energy_wh_low_b"], row["energy_wh_b"])


def test_texts_are_those_that_were_agreed_to_and_hold_no_personal_data(month: str, tmp_path: Path) -> None:
    manifest, _ = publish(timezone.now(), tmp_path / "out")
    questions = {row["question"] for row in rows(tmp_path / "out", f"texts-{month}")}
    assert questions == {"Pourquoi le ciel ?", "Combien font deux et deux ?"}
    assert manifest["duels_whose_texts_are_held_back"] == 1
    published = b"".join(
        gzip.decompress(content) if name.endswith(".gz") else content
        for name, content in all_bytes(tmp_path / "out").items()
    )
    visitors = [*Duel.objects.values_list("visitor", flat=True), *Duel.objects.values_list("code", flat=True)]
    assert not [word for word in (*SECRETS, *visitors) if word.encode() in published]


def test_what_is_deleted_or_withdrawn_is_on_the_list_of_removals(month: str, tmp_path: Path) -> None:
    publish(timezone.now(), tmp_path / "out")
    codes = {each.duel_id: each.code for each in PublishedDuel.objects.all()}
    first, *_, last = Duel.objects.filter(texts_in_open_data=True, in_open_data=True).order_by("pk")
    Duel.objects.filter(pk=last.pk).update(texts_in_open_data=False)
    cast.vote(extra := cast.make_duel(*[answer.model for answer in Answer.objects.filter(turn__duel=first)]))
    collect()
    Ballot.objects.filter(duel=extra).update(cast_at=Ballot.objects.exclude(duel=extra)[0].cast_at)
    gone = first.pk
    first.delete()
    publish(timezone.now(), tmp_path / "out")
    removed = {row["code"]: row["removed"] for row in rows(tmp_path / "out", "removed")}
    assert removed == {codes[gone]: "vote", codes[last.pk]: "texts"}
    assert rows(tmp_path / "out", f"texts-{month}") == []


def test_a_month_of_few_people_waits_and_is_said_to(
    month: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "MIN_VOTERS", 5)
    manifest, _ = publish(timezone.now(), tmp_path / "out")
    assert manifest["months_held_back"] == [month]
    assert not list((tmp_path / "out").glob("votes-*.parquet"))
    assert PublishedDuel.objects.count() == 0


def test_a_dry_run_leaves_no_trace(month: str) -> None:
    output = StringIO()
    call_command("publish_data", "--dry-run", stdout=output)
    assert f"votes-{month}.parquet  4" in output.getvalue()
    assert not (PublishedDuel.objects.exists() or Release.objects.exists() or ReleasedFile.objects.exists())


def test_a_folder_of_something_else_is_never_replaced(month: str, tmp_path: Path) -> None:
    (tmp_path / "these.txt").write_text("mine")
    with pytest.raises(CommandError):
        call_command("publish_data", "--out", str(tmp_path))
    assert all_bytes(tmp_path) == {"these.txt": b"mine"}


def test_the_page_gives_every_file_of_the_manifest(month: str, client: Client, tmp_path: Path) -> None:
    assert "Aucune encore" in client.get("/donnees/").text
    manifest, _ = publish(timezone.now(), tmp_path / "out")
    page = client.get("/donnees/").text
    assert f'href="/donnees/votes-{month}.parquet"' in page
    for file in manifest["files"]:
        response = client.get(f"/donnees/{file['name']}")
        assert response.content == (tmp_path / "out" / file["name"]).read_bytes()
        assert response["Access-Control-Allow-Origin"] == "*"
    again = client.get("/donnees/models.parquet", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 200
    again = client.get("/donnees/models.parquet", headers={"If-None-Match": again["ETag"]})
    assert again.status_code == 304
    assert client.get("/donnees/settings.py").status_code == 404


def test_the_tick_is_the_visitors_own_and_comes_after_the_vote(
    client: Client, pair: tuple[LanguageModel, LanguageModel]
) -> None:
    duel = cast.make_duel(*pair, visitor=cast.visitor_in(client))
    address = f"/duels/{duel.code}/texts/"
    client.post(address, {"agreed": "on"})
    duel.refresh_from_db()
    assert not duel.texts_in_open_data
    cast.vote(duel)
    assert "Merci" in client.post(address, {"agreed": "on"}, headers={"HX-Request": "true"}).text
    duel.refresh_from_db()
    assert duel.texts_in_open_data
    assert Client().post(address).status_code == 404
    client.post(address)
    duel.refresh_from_db()
    assert not duel.texts_in_open_data


def test_one_address_downloads_so_many_files_in_an_hour(
    client: Client, month: str, monkeypatch: pytest.MonkeyPatch, valkey_client: redis.Redis
) -> None:
    publish(timezone.now())
    monkeypatch.setattr(views, "DOWNLOADS", RateLimit("open-data-test", 2, 3_600))
    statuses = [client.get("/donnees/manifest.json").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = client.get("/donnees/manifest.json")
    assert int(refused["Retry-After"]) > 0
    assert client.get("/donnees/manifest.json", REMOTE_ADDR="203.0.113.9").status_code == 200


def test_a_card_is_whole_in_each_language() -> None:
    table = TABLES[0]
    with override("en"):
        assert "| Column | Type | Meaning |" in data_card(table)
    with override("fr"):
        assert "| Colonne | Type | Sens |" in data_card(table)
