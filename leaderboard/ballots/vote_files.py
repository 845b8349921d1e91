"""Files of votes: our own CSV, and both forms that compar:IA publishes, in Parquet, JSON Lines and TSV."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from duels.models import Vote

COLUMNS = ("conversation_pair_id", "model_a", "model_b", "winner")
WINNERS = {
    "model_a": Vote.Choice.A,
    "model_b": Vote.Choice.B,
    "tie": Vote.Choice.BOTH_GOOD,
    "both_bad": Vote.Choice.BOTH_BAD,
}
# Those that are read of https://huggingface.co/datasets/ministere-culture/comparia-votes
PUBLISHED_COLUMNS = (
    "conversation_pair_id", "model_a_name", "model_b_name", "chosen_model_name", "both_equal",
)  # fmt: skip
VISITOR_COLUMN = "visitor_id"
# comparia-fr-arena, which replaces it: one row per turn, each with its own choice, as their exporter writes
# them (https://github.com/betagouv/ComparIA, utils/dataset/compute.py and TurnChoice of backend/config.py).
ARENA_COLUMNS = ("comparison_id", "turn", "choice", "model_a", "model_b")
EXCLUDED_COLUMN = "excluded"
ARENA_CHOICES = {
    "a_better": Vote.Choice.A,
    "b_better": Vote.Choice.B,
    "both_good": Vote.Choice.BOTH_GOOD,
    "both_bad": Vote.Choice.BOTH_BAD,
    "idk": None,
}
TRUE_VALUES = (True, 1, "true", "True", "1")
MAX_ERRORS_SHOWN = 10

Row = Mapping[str, Any]


class InvalidVoteFile(ValueError):
    """The file cannot be imported; the message says why, in the reader's language."""


@dataclass(frozen=True, slots=True)
class ImportedVote:
    """One row of the file; visitor is empty where the file does not tell voters apart."""

    key: str
    model_a: str
    model_b: str
    choice: Vote.Choice
    visitor: str = ""


@dataclass(frozen=True, slots=True)
class VoteFile:
    """The votes of a file. unvoted: rows that name no choice; repeated: further rows of the same pair."""

    votes: list[ImportedVote]
    unvoted: int = 0
    repeated: int = 0


def read_votes(path: Path) -> VoteFile:
    """Read a file by its suffix: .parquet, .jsonl, .tsv, else CSV.

    Raises InvalidVoteFile with the first errors, OSError and UnicodeDecodeError.
    """
    rows = iter(_parquet_rows(path) if path.suffix == ".parquet" else _text_rows(path))
    first = next(rows, {})
    every = chain([first] if first else [], rows)
    if all(name in first for name in PUBLISHED_COLUMNS):
        return _published_votes(every)
    if all(name in first for name in ARENA_COLUMNS):
        return _arena_votes(every)
    if missing := [name for name in COLUMNS if name not in first]:
        raise InvalidVoteFile(_("Il manque des colonnes : %(names)s.") % {"names": ", ".join(missing)})
    return _own_votes(every)


def _parquet_rows(path: Path) -> Iterator[Row]:
    """The columns that are read, by batches: the texts of the conversations stay on disk."""
    import pyarrow  # a fifth of a second, for one command
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
        wanted = {*COLUMNS, *PUBLISHED_COLUMNS, VISITOR_COLUMN, *ARENA_COLUMNS, EXCLUDED_COLUMN}
        names = [name for name in file.schema_arrow.names if name in wanted]
        for batch in file.iter_batches(columns=names):
            yield from batch.to_pylist()
    except pyarrow.ArrowException as error:
        raise InvalidVoteFile(str(error)) from error


def _text_rows(path: Path) -> Iterator[Row]:
    # utf-8-sig: spreadsheets write a byte order mark before the first column's name.
    with path.open(encoding="utf-8-sig", newline="") as lines:
        if path.suffix == ".jsonl":
            yield from _json_rows(lines)
        else:
            csv.field_size_limit(2**31 - 1)  # a whole conversation is one field
            yield from csv.DictReader(lines, delimiter="\t" if path.suffix == ".tsv" else ",")


def _json_rows(lines: TextIO) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            sentence = _("ligne %(line)s : ce n’est pas du JSON") % {"line": number}
            raise InvalidVoteFile(sentence) from error
        if not isinstance(row, dict):
            raise InvalidVoteFile(_("ligne %(line)s : ce n’est pas du JSON") % {"line": number})
        yield row


def _own_votes(rows: Iterable[Row]) -> VoteFile:
    """Every row is a vote, or the file is refused."""
    texts = [{name: str(row.get(name) or "").strip() for name in COLUMNS} for row in rows]
    if errors := list(_row_errors(texts)):
        n_more = len(errors) - MAX_ERRORS_SHOWN
        more = ngettext(" … et %(n)s autre", " … et %(n)s autres", n_more) % {"n": n_more}
        raise InvalidVoteFile(" ; ".join(errors[:MAX_ERRORS_SHOWN]) + (more if n_more > 0 else ""))
    return VoteFile(
        [
            ImportedVote(row["conversation_pair_id"], row["model_a"], row["model_b"], WINNERS[row["winner"]])
            for row in texts
        ]
    )


def _row_errors(rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """The errors, each with its line in the file, whose first line holds the names of the columns."""
    seen: set[str] = set()
    for line, row in enumerate(rows, start=2):
        if empty := [name for name in COLUMNS if not row[name]]:
            yield _("ligne %(line)s : %(names)s vide") % {"line": line, "names": ", ".join(empty)}
        elif row["winner"] not in WINNERS:
            yield _("ligne %(line)s : résultat inconnu « %(winner)s »") % {
                "line": line,
                "winner": row["winner"],
            }
        elif row["conversation_pair_id"] in seen:
            yield _("ligne %(line)s : vote déjà présent plus haut") % {"line": line}
        seen.add(row["conversation_pair_id"])


def _published_votes(rows: Iterable[Row]) -> VoteFile:
    """The rows of compar:IA that name a choice, one for each pair of conversations."""
    votes: dict[str, ImportedVote] = {}
    unvoted = repeated = 0
    for row in rows:
        key, choice = str(row["conversation_pair_id"] or ""), _published_choice(row)
        if not (key and choice):
            unvoted += 1
        elif key in votes:
            repeated += 1
        else:
            visitor = str(row.get(VISITOR_COLUMN) or "")
            votes[key] = ImportedVote(key, row["model_a_name"], row["model_b_name"], choice, visitor)
    return VoteFile(list(votes.values()), unvoted, repeated)


def _published_choice(row: Row) -> Vote.Choice | None:
    """The choice of one row; None where it names none, or no model."""
    names = row["model_a_name"], row["model_b_name"]
    if not all(names):
        return None
    if row["both_equal"] in TRUE_VALUES:
        return Vote.Choice.BOTH_GOOD
    return {names[1]: Vote.Choice.B, names[0]: Vote.Choice.A}.get(row["chosen_model_name"])


def _arena_votes(rows: Iterable[Row]) -> VoteFile:
    """The last choice of each comparison; the file says nothing of who voted."""
    votes: dict[str, tuple[int, ImportedVote]] = {}
    unvoted = repeated = 0
    for number, row in enumerate(rows, start=1):
        key, choice = str(row["comparison_id"] or ""), _arena_choice(row, number)
        if choice is None or not key:
            unvoted += 1
            continue
        repeated += key in votes
        turn = int(row["turn"])
        if key not in votes or turn > votes[key][0]:
            votes[key] = turn, ImportedVote(key, row["model_a"], row["model_b"], choice)
    return VoteFile([vote for _turn, vote in votes.values()], unvoted, repeated)


def _arena_choice(row: Row, number: int) -> Vote.Choice | None:
    """The choice of one turn; None where it has none, names no model or is not to be published."""
    choice = row["choice"] or "idk"
    if choice not in ARENA_CHOICES or not str(row["turn"]).isdecimal():
        sentence = _("vote nº %(number)s : choix inconnu « %(choice)s » au tour « %(turn)s »")
        raise InvalidVoteFile(sentence % {"number": number, "choice": choice, "turn": row["turn"]})
    is_excluded = row.get(EXCLUDED_COLUMN) in TRUE_VALUES
    return None if is_excluded or not (row["model_a"] and row["model_b"]) else ARENA_CHOICES[choice]
