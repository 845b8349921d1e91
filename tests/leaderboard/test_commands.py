"""The commands of the leaderboard answer in the reader's language."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from tests.leaderboard.sample_ballots import an_arena_with_votes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "line", "nothing_new"),
    [
        ("fr", "conso-duel\u00a0: 900 votes, 3 modèles.", "Rien de nouveau depuis le dernier classement."),
        ("en", "conso-duel: 900 votes, 3 models.", "Nothing new since the last leaderboard."),
    ],
)
def test_the_leaderboard_is_computed_where_it_has_changed(language: str, line: str, nothing_new: str) -> None:
    an_arena_with_votes()
    with override(language):
        assert [run("compute_leaderboard") for _ in range(2)] == [line, nothing_new]


def test_a_file_of_votes_is_refused_in_english(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("model_a\n", encoding="utf-8")
    with override("en"), pytest.raises(CommandError, match=r"Nothing was imported\. Columns are missing: "):
        call_command("import_votes", path, source="Arena")


def run(command: str) -> str:
    printed = StringIO()
    call_command(command, stdout=printed)
    return printed.getvalue().strip()
