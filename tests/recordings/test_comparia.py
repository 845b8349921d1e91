"""compar:IA's published conversations as recordings: both forms of file, and what is refused."""

import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.core.management import CommandError, call_command

from models_registry.models import LanguageModel
from recordings.comparia_rows import ORIGIN, read_rows
from recordings.importing import Refusal, import_rows
from recordings.models import Recording
from recordings.pack_file import pack_json
from recordings.pack_page import pack_page
from recordings.pack_schema import parse_pack
from recordings.recorder import make_pack
from tests import cast

pytestmark = pytest.mark.django_db


def said(*turns: tuple[str, str]) -> list[dict[str, str]]:
    """Messages of one side, as the data set has them."""
    return [
        {"role": role, "content": text}
        for turn in turns
        for role, text in zip(("user", "assistant"), turn, strict=True)
    ]


def row(**changes: Any) -> dict[str, Any]:
    """One row in the columns of the card; those that are not read are left out but for some."""
    return {
        "id": 7,
        "timestamp": "2025-03-14 09:26:53",
        "conversation_pair_id": "a-b",
        "model_pair_name": "['petit-3b', 'grand']",
        "opening_msg": "Bonjour ?",
        "model_a_name": "petit-3b",
        "model_b_name": "grand-alias",
        "conversation_a": said(("Bonjour ?", "Bonjour."), ("Et la nuit ?", "Elle est longue, la nuit.")),
        "conversation_b": said(("Bonjour ?", "Salut !"), ("Et la nuit ?", "Noire.")),
        "total_conv_a_output_tokens": 40,
        "total_conv_b_output_tokens": None,
        "conv_turns": 2,
        "languages": ["fr"],
        "pii_analyzed": True,
        "contains_pii": False,
        "postprocess_failed_moderation": False,
        "ip_map": 3,
    } | changes


@pytest.fixture
def pair() -> None:
    cast.petit_3b()
    LanguageModel.objects.filter(pk=cast.grand_70b().pk).update(aliases=["grand-alias"])


def lines(folder: Path, *rows: Any) -> Path:
    file = folder / "conversations.jsonl"
    file.write_text("".join(f"{json.dumps(one)}\n" for one in rows), encoding="utf-8")
    return file


def test_a_conversation_becomes_a_recording_whose_pace_is_not_known(pair: None, tmp_path: Path) -> None:
    (recorded,) = read_rows(lines(tmp_path, row()))
    assert not isinstance(recorded, Refusal)
    assert (recorded["recorded_on"], recorded["source"], recorded["language"]) == (
        "2025-03-14",
        "comparia",
        "fr",
    )
    assert [turn["question"] for turn in recorded["turns"]] == ["Bonjour ?", "Et la nuit ?"]
    assert recorded["models"]["b"]["slug"] == "grand-70b"
    first, second = (turn["a"] for turn in recorded["turns"])
    assert first["pace"] == {"kind": "unknown", "points": []}
    assert first["tokens_out"] + second["tokens_out"] == 40
    assert first["tokens_out"] < second["tokens_out"]
    assert {first["count_source"], recorded["turns"][0]["b"]["count_source"]} == {"reported", "counted"}
    page = pack_page(make_pack([recorded], "compar:IA", ""))
    assert "Le rythme de ces réponses n’est pas connu" in page


def test_it_is_a_valid_pack(pair: None, tmp_path: Path) -> None:
    (recorded,) = read_rows(lines(tmp_path, row()))
    assert not isinstance(recorded, Refusal)
    pack = make_pack([recorded], "compar:IA", "Ministère")
    assert parse_pack(pack_json(pack).encode()) == pack


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"contains_pii": True}, Refusal.PERSONAL_DATA),
        ({"postprocess_failed_moderation": True}, Refusal.MODERATED),
        ({"model_b_name": None}, Refusal.MISSING_MODEL),
        ({"model_b_name": "inconnu-9"}, Refusal.UNKNOWN_MODEL),
        ({"conversation_b": []}, Refusal.EMPTY_SIDE),
        ({"conversation_b": said(("Bonjour ?", " "), ("Et la nuit ?", "Noire."))}, Refusal.EMPTY_SIDE),
        ({"conversation_b": said(("Bonsoir ?", "Salut"), ("Et la nuit ?", "Noire."))}, Refusal.UNREADABLE),
        ({"timestamp": "hier"}, Refusal.UNREADABLE),
    ],
    ids=[
        "pii",
        "moderated",
        "no model",
        "unknown model",
        "no side",
        "empty answer",
        "two questions",
        "no day",
    ],
)
def test_a_faulty_row_is_refused(
    pair: None, tmp_path: Path, changes: dict[str, Any], refusal: Refusal
) -> None:
    assert list(read_rows(lines(tmp_path, row(**changes)))) == [refusal]


def test_what_they_have_not_looked_at_is_looked_at_here(pair: None, tmp_path: Path) -> None:
    letter = said(("Écris à jean.dupont@exemple.fr", "Cher Jean"))
    changes = {"conversation_a": letter, "conversation_b": letter}
    unseen, seen = row(**changes, pii_analyzed=False), row(**changes, pii_analyzed=True)
    found = list(read_rows(lines(tmp_path, unseen, seen)))
    assert found[0] is Refusal.PERSONAL_DATA
    assert not isinstance(found[1], Refusal)


def turns(**changes: Any) -> list[dict[str, Any]]:
    """The rows of one conversation of two turns in comparia-fr-arena, with what its raw variant adds."""
    old = row()
    sides = {f"full_conversation_{side}": old[f"conversation_{side}"] for side in "ab"}
    sides["full_conversation_a"] = [
        {"role": "system", "content": "Sois bref."},
        *sides["full_conversation_a"],
    ]
    whole = {
        "comparison_id": "c-1",
        "model_a": "petit-3b",
        "model_b": "grand-alias",
        "timestamp": "2026-03-14 09:26:53",
        "excluded": False,
        "metadata": {"mode": "random", "languages": ["fr"], "total_tokens_a": 40, "total_tokens_b": None},
        "extra_metadata": {"contains_pii": False, "contains_spam": False, "archived": False, "error": None},
    }
    return [whole | sides | {"response_id": f"r-{turn}", "turn": turn} | changes for turn in range(2)]


def test_of_one_row_per_turn_each_conversation_is_one_recording(pair: None, tmp_path: Path) -> None:
    report = import_rows(read_rows(lines(tmp_path, *turns())), ORIGIN)
    assert (report.taken, report.known, report.refused.total()) == (1, 1, 0)
    document = Recording.objects.get().document
    assert [turn["question"] for turn in document["turns"]] == ["Bonjour ?", "Et la nuit ?"]
    assert (document["language"], document["recorded_on"]) == ("fr", "2026-03-14")
    assert sum(turn["a"]["tokens_out"] for turn in document["turns"]) == 40


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"excluded": True}, Refusal.MODERATED),
        ({"extra_metadata": {"contains_spam": True}}, Refusal.MODERATED),
        ({"extra_metadata": {"archived": True}}, Refusal.MODERATED),
        ({"extra_metadata": {"contains_pii": True}}, Refusal.PERSONAL_DATA),
        ({"model_a": None}, Refusal.MISSING_MODEL),
        ({"full_conversation_b": None}, Refusal.EMPTY_SIDE),
    ],
    ids=["excluded", "spam", "archived", "pii", "no model", "no side"],
)
def test_a_faulty_turn_is_refused(
    pair: None, tmp_path: Path, changes: dict[str, Any], refusal: Refusal
) -> None:
    assert set(read_rows(lines(tmp_path, *turns(**changes)))) == {refusal}


def test_a_line_that_is_no_json_is_counted_and_messages_may_be_text(pair: None, tmp_path: Path) -> None:
    as_text = row()
    as_text["conversation_a"] = json.dumps(as_text["conversation_a"])
    file = tmp_path / "conversations.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as written:
        written.write(f"{{pas du JSON\n\n{json.dumps(as_text)}\n")
    first, second = read_rows(file)
    assert first is Refusal.UNREADABLE
    assert not isinstance(second, Refusal)


def test_the_command_reads_parquet_of_another_library(pair: None, tmp_path: Path) -> None:
    source = lines(tmp_path, row(), row(contains_pii=True), row(model_a_name=""))
    file = tmp_path / "conversations.parquet"
    duckdb.sql(f"COPY (SELECT * FROM read_json('{source}')) TO '{file}' (FORMAT parquet)")
    out = StringIO()
    call_command("import_pack", str(file), dry_run=True, stdout=out)
    assert not Recording.objects.exists()
    call_command("import_pack", str(file), stdout=out)
    recording = Recording.objects.get()
    assert (recording.title, recording.source, recording.is_offered) == ("Bonjour ?", "comparia", False)
    assert "données personnelles, selon sa source" in out.getvalue()


def test_a_file_that_is_no_parquet_is_said_to_be_none(tmp_path: Path) -> None:
    file = tmp_path / "conversations.parquet"
    file.write_text("rien", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("import_pack", str(file))
