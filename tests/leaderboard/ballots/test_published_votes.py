"""The votes that compar:IA publishes, in each form it publishes them, with the columns of its data card."""

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.core.management import CommandError, call_command
from pyarrow import parquet

from leaderboard.models import Ballot
from tests import cast

pytestmark = pytest.mark.django_db

PAIR = {"model_a_name": "petit-3b", "model_b_name": "grand-70b"}
# https://huggingface.co/datasets/ministere-culture/comparia-votes, the columns that are not read among them.
OTHER_COLUMNS: dict[str, Any] = {
    "timestamp": "2026-03-14T10:00:00",
    "model_pair_name": "{grand-70b,petit-3b}",
    "opening_msg": "Pourquoi « le ciel », dites,\nest-il bleu ?",
    "conversation_a": [{"role": "user", "content": "Pourquoi ?"}],
    "conversation_b": [{"role": "user", "content": "Pourquoi ?"}],
    "conv_turns": 1,
    "selected_category": None,
    "is_unedited_prompt": False,
    "session_hash": "s",
    "conv_comments_a": None,
    "conv_useful_a": True,
    "conv_complete_b": None,
    "system_prompt_a": None,
}


def row(
    key: str, chosen: str | None, *, both_equal: bool = False, visitor: str | None = "v"
) -> dict[str, Any]:
    choice = {"chosen_model_name": chosen, "both_equal": both_equal}
    return {"id": 1, "conversation_pair_id": key, "visitor_id": visitor, **PAIR, **choice, **OTHER_COLUMNS}


ROWS = [
    row("p1", "petit-3b"),
    row("p2", "grand-70b", visitor="w"),
    row("p3", None, both_equal=True),
    row("p4", None),
    row("p1", "petit-3b"),
    row("p5", "grand-70b", visitor=None) | {"model_a_name": "nobody-knows-me"},
]


def write_parquet(path: Path) -> None:
    parquet.write_table(pa.Table.from_pylist(ROWS), path)


def write_json_lines(path: Path) -> None:
    path.write_text("".join(f"{json.dumps(one)}\n" for one in ROWS), encoding="utf-8")


def write_tsv(path: Path) -> None:
    """As pandas writes it: True and False, nothing for what is missing."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, ROWS[0], delimiter="\t")
        writer.writeheader()
        writer.writerows(ROWS)


@pytest.mark.parametrize(
    ("name", "write"),
    [("votes.parquet", write_parquet), ("votes.jsonl", write_json_lines), ("votes_samples.tsv", write_tsv)],
    ids=["parquet", "jsonl", "tsv"],
)
def test_each_published_form_gives_the_same_ballots(
    tmp_path: Path, name: str, write: Callable[[Path], None]
) -> None:
    cast.petit_3b()
    cast.grand_70b()
    write(tmp_path / name)
    printed = StringIO()
    call_command("import_votes", tmp_path / name, source="compar:IA", stdout=printed)
    assert dict(Ballot.objects.values_list("outside_id", "outcome")) == {
        "p1": "first", "p2": "second", "p3": "tie",
    }  # fmt: skip
    assert "1 sans choix, 1 en double" in printed.getvalue()
    assert "nobody-knows-me (1)" in printed.getvalue()


def test_votes_of_one_visitor_are_those_of_one_voter(tmp_path: Path) -> None:
    cast.petit_3b()
    cast.grand_70b()
    write_json_lines(tmp_path / "votes.jsonl")
    call_command("import_votes", tmp_path / "votes.jsonl", source="compar:IA", stdout=StringIO())
    voters = dict(Ballot.objects.values_list("outside_id", "voter"))
    assert voters["p1"] == voters["p3"] != voters["p2"]


@pytest.mark.parametrize(
    ("name", "text"), [("votes.jsonl", "{\n"), ("votes.jsonl", "[1]\n"), ("votes.parquet", "PAR1")]
)
def test_a_broken_file_is_refused(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match="Rien n’a été importé"):
        call_command("import_votes", tmp_path / name, source="compar:IA")
    assert not Ballot.objects.exists()


def turn(key: str, number: int, choice: str | None, **columns: Any) -> dict[str, Any]:
    """A row of comparia-fr-arena, as its exporter writes it."""
    conversation = [{"role": "user", "content": "Pourquoi ?", "user_content": "Pourquoi ?"}]
    return {
        "response_id": f"{key}-{number}",
        "choice": choice,
        "response_a": conversation,
        "response_b": conversation,
        "web_search_results": None,
        "turn": number,
        "comparison_id": key,
        "model_a": "petit-3b",
        "model_b": "grand-70b",
        "timestamp": "2026-03-14T10:00:00",
        "full_conversation_a": conversation,
        "full_conversation_b": conversation,
        "metadata": {"tokens_a": 1, "mode": "random", "languages": ["fr"]},
        **columns,
    }


TURNS = [
    turn("c1", 0, "a_better"),
    turn("c2", 0, None),
    turn("c2", 1, "b_better"),
    turn("c3", 0, "both_good"),
    turn("c3", 1, "both_bad"),
    turn("c4", 0, "idk"),
    turn("c5", 0, "b_better", model_a=""),
]


def written_turns(path: Path, rows: list[dict[str, Any]]) -> Path:
    if path.suffix == ".parquet":
        parquet.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(f"{json.dumps(one)}\n" for one in rows), encoding="utf-8")
    else:
        with path.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, rows[0], delimiter="\t")
            writer.writeheader()
            writer.writerows(rows)
    return path


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".tsv"])
def test_the_votes_of_turns_count_once_per_comparison_by_their_last(tmp_path: Path, suffix: str) -> None:
    cast.petit_3b(), cast.grand_70b()
    output = StringIO()
    path = written_turns(tmp_path / f"comparia-fr-arena{suffix}", TURNS)
    call_command("import_votes", path, "--source", "compar:IA", stdout=output)
    ballots = Ballot.objects.order_by("outside_id")
    chosen = [(ballot.outside_id, ballot.outcome, ballot.first.slug) for ballot in ballots]
    assert chosen == [
        ("c1", "first", "petit-3b"), ("c2", "second", "petit-3b"), ("c3", "both_bad", "petit-3b"),
    ]  # fmt: skip
    assert ballots.values("voter").distinct().count() == 3
    assert "3 sans choix, 1 en double" in output.getvalue()


def test_rows_that_the_arena_excludes_are_left_aside(tmp_path: Path) -> None:
    cast.petit_3b(), cast.grand_70b()
    rows = [turn("c1", 0, "a_better", excluded=True), turn("c2", 0, "a_better", excluded=False)]
    path = written_turns(tmp_path / "comparia-fr-arena-raw.parquet", rows)
    call_command("import_votes", path, "--source", "compar:IA", stdout=StringIO())
    assert Ballot.objects.get().outside_id == "c2"


@pytest.mark.parametrize("change", [{"choice": "plutot_a"}, {"turn": "deux"}])
def test_a_choice_that_nobody_knows_refuses_the_whole_file(tmp_path: Path, change: dict[str, Any]) -> None:
    cast.petit_3b(), cast.grand_70b()
    rows = [turn("c1", 0, "a_better"), turn("c2", 0, "a_better") | change]
    path = written_turns(tmp_path / "comparia-fr-arena.jsonl", rows)
    with pytest.raises(CommandError, match="vote nº\xa02"):
        call_command("import_votes", path, "--source", "compar:IA", stdout=StringIO())
    assert not Ballot.objects.exists()
