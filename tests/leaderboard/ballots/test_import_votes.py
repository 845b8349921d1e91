"""Votes of another arena: matched by any name a model bears, reported where they are not, all or nothing."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from leaderboard.ballots.import_votes import import_votes
from leaderboard.ballots.vote_files import InvalidVoteFile, read_votes
from leaderboard.models import Ballot, Snapshot, VoteSource
from models_registry.models import LanguageModel
from tests import cast

VOTES = Path(__file__).with_name("votes.csv")
HEAD = "conversation_pair_id,model_a,model_b,winner\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[LanguageModel, LanguageModel]:
    return cast.petit_3b(aliases=["fabrique/petit-3b-instruct"]), cast.grand_70b()


def run(path: Path = VOTES, source: str = "Arène d’à côté") -> str:
    """The output of the command."""
    printed = StringIO()
    call_command(
        "import_votes", path, source=source, link="https://arene.example", licence="Libre", stdout=printed
    )
    return printed.getvalue()


def test_votes_are_matched_by_slug_and_by_alias_in_any_case(
    pair: tuple[LanguageModel, LanguageModel],
) -> None:
    run()
    outcomes = dict(Ballot.objects.values_list("outside_id", "outcome"))
    assert outcomes == {
        "v1": "first", "v2": "second", "v3": "second", "v4": "tie", "v5": "both_bad", "v6": "tie",
    }  # fmt: skip
    sides = dict(Ballot.objects.values_list("outside_id", "first_on_a"))
    assert (sides["v1"], sides["v3"]) == (True, False)


def test_the_report_tells_what_was_left_aside(pair: tuple[LanguageModel, LanguageModel]) -> None:
    printed = run()
    assert "6 votes importés, dont 1 d’un modèle contre lui-même" in printed
    assert "1 laissés de côté" in printed
    assert "nobody-knows-me (1)" in printed


def test_the_same_file_twice_changes_nothing(pair: tuple[LanguageModel, LanguageModel]) -> None:
    run()
    assert "0 votes importés" in run()
    assert Ballot.objects.count() == 6
    assert VoteSource.objects.get().name == "Arène d’à côté"


def test_each_outside_vote_comes_from_somebody_else(pair: tuple[LanguageModel, LanguageModel]) -> None:
    run()
    assert len(set(Ballot.objects.values_list("voter", flat=True))) == 6


def test_imported_votes_are_published_apart_and_together(pair: tuple[LanguageModel, LanguageModel]) -> None:
    run()
    assert {snapshot.scope: snapshot.n_votes for snapshot in Snapshot.objects.all()} == {
        "arene-da-cote": 5,
        "ensemble": 5,
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("model_a,model_b,winner\na,b,tie\n", "conversation_pair_id"),
        (HEAD + "v1,petit-3b,grand-70b,model_c\n", "ligne 2 : résultat inconnu « model_c »"),
        (HEAD + "v1,petit-3b,grand-70b,tie\nv1,petit-3b,grand-70b,tie\n", "ligne 3 : vote déjà présent"),
        (HEAD + "v1,petit-3b,,tie\n", "ligne 2 : model_b vide"),
        (HEAD + "v1,petit-3b\n", "ligne 2 : model_b, winner vide"),
    ],
)
def test_a_file_with_a_fault_is_refused_whole(
    pair: tuple[LanguageModel, LanguageModel], tmp_path: Path, text: str, fault: str
) -> None:
    path = tmp_path / "votes.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match="Rien n’a été importé") as refused:
        run(path)
    assert fault in str(refused.value)
    assert not Ballot.objects.exists() and not VoteSource.objects.exists()


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(CommandError, match="Rien n’a été importé"):
        run(path)


@pytest.mark.parametrize("name", ["Conso Duel", "Ensemble", "!!!"])
def test_a_source_cannot_take_the_name_of_our_own_votes(name: str) -> None:
    with pytest.raises(InvalidVoteFile):
        import_votes([], name)


def test_a_failure_half_way_leaves_nothing(
    pair: tuple[LanguageModel, LanguageModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: object, **options: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Ballot.objects, "bulk_create", fails)
    with pytest.raises(OSError, match="disk full"):
        import_votes(read_votes(VOTES).votes, "Arène")
    assert not VoteSource.objects.exists()


def test_the_mark_that_spreadsheets_put_first_is_ignored(
    pair: tuple[LanguageModel, LanguageModel], tmp_path: Path
) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("\ufeff" + HEAD + "v1,petit-3b,grand-70b,tie\n", encoding="utf-8")
    run(path)
    assert Ballot.objects.count() == 1
