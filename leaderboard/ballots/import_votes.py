"""Votes of another arena, from a CSV file: all of what can be matched to the registry, or nothing."""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TextIO

from django.db import transaction
from django.utils.text import slugify

from duels.models import Vote
from leaderboard.ballots.ballot import outcome_for, voter_id
from leaderboard.models import OWN_SCOPE, WHOLE_SCOPE, Ballot, Exclusion, VoteSource
from models_registry.models import LanguageModel

COLUMNS = ("conversation_pair_id", "model_a", "model_b", "winner")
WINNERS = {
    "model_a": Vote.Choice.A,
    "model_b": Vote.Choice.B,
    "tie": Vote.Choice.BOTH_GOOD,
    "both_bad": Vote.Choice.BOTH_BAD,
}
MAX_ERRORS_SHOWN = 10
BATCH_SIZE = 2_000


class InvalidVoteFile(ValueError):
    """The file is not one of votes; nothing of it was imported."""


@dataclass(frozen=True, slots=True)
class ImportedVote:
    """One line of the file."""

    key: str
    model_a: str
    model_b: str
    winner: str


@dataclass(slots=True)
class ImportReport:
    """What became of each row: imported, known from before, or unmatched, by the names that nobody bears."""

    imported: int = 0
    known: int = 0
    unmatched: int = 0
    unmatched_names: Counter[str] = field(default_factory=Counter)
    self_matches: int = 0


def read_votes(lines: TextIO) -> list[ImportedVote]:
    """The votes of a file with the columns COLUMNS; raises Unreadable with the first faults."""
    reader = csv.DictReader(lines)
    if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
        raise InvalidVoteFile(f"Il manque des colonnes : {', '.join(missing)}.")
    rows = [{name: (row[name] or "").strip() for name in COLUMNS} for row in reader]
    if faults := list(_row_errors(rows)):
        more = f" … et {len(faults) - MAX_ERRORS_SHOWN} autres" if len(faults) > MAX_ERRORS_SHOWN else ""
        raise InvalidVoteFile(" ; ".join(faults[:MAX_ERRORS_SHOWN]) + more)
    return [ImportedVote(*row.values()) for row in rows]


def _row_errors(rows: Iterable[Mapping[str, str]]) -> Iterable[str]:
    """What is wrong, by line of the file; its first line holds the names."""
    seen: set[str] = set()
    for line, row in enumerate(rows, start=2):
        if empty := [name for name in COLUMNS if not row[name]]:
            yield f"ligne {line} : {', '.join(empty)} vide"
        elif row["winner"] not in WINNERS:
            yield f"ligne {line} : résultat inconnu « {row['winner']} »"
        elif row["conversation_pair_id"] in seen:
            yield f"ligne {line} : vote déjà présent plus haut"
        seen.add(row["conversation_pair_id"])


@transaction.atomic
def import_votes(votes: list[ImportedVote], name: str, link: str = "", licence: str = "") -> ImportReport:
    """Makes a ballot of each vote between two models of the registry. Raises Unreadable on an unfit name."""
    source = _get_source(name, link, licence)
    known = set(source.ballots.values_list("outside_id", flat=True))
    models = models_by_name()
    report = ImportReport()
    ballots = []
    for vote in votes:
        if vote.key in known:
            report.known += 1
        elif names := [name for name in (vote.model_a, vote.model_b) if name.casefold() not in models]:
            report.unmatched += 1
            report.unmatched_names.update(names)
        else:
            ballots.append(_build_ballot(source, vote, models))
    Ballot.objects.bulk_create(ballots, batch_size=BATCH_SIZE)
    report.imported = len(ballots)
    report.self_matches = sum(ballot.excluded_reason == Exclusion.SELF_MATCH for ballot in ballots)
    return report


def _get_source(name: str, link: str, licence: str) -> VoteSource:
    slug = slugify(name)
    if slug in ("", OWN_SCOPE, WHOLE_SCOPE):
        raise InvalidVoteFile(f"« {name} » ne peut pas nommer une source.")
    given = {field: value for field, value in (("link", link), ("licence", licence)) if value}
    return VoteSource.objects.update_or_create(slug=slug, defaults={"name": name, **given})[0]


def models_by_name() -> dict[str, LanguageModel]:
    """Every model under its slug and its other names, in lower case; a slug wins over another's alias."""
    models = list(LanguageModel.objects.all())
    aliases = {alias.casefold(): model for model in models for alias in model.aliases}
    return aliases | {model.slug.casefold(): model for model in models}


def _build_ballot(source: VoteSource, vote: ImportedVote, models: Mapping[str, LanguageModel]) -> Ballot:
    a, b = models[vote.model_a.casefold()], models[vote.model_b.casefold()]
    first_on_a = a.pk <= b.pk
    first, second = (a, b) if first_on_a else (b, a)
    return Ballot(
        source=source,
        outside_id=vote.key,
        voter=_voter_id(source, vote),
        first=first,
        second=second,
        first_on_a=first_on_a,
        outcome=outcome_for(WINNERS[vote.winner], first_on_a),
        excluded_reason=Exclusion.SELF_MATCH if a == b else "",
    )


def _voter_id(source: VoteSource, vote: ImportedVote) -> int:
    """The file does not say who voted: each vote is taken to come from somebody else."""
    return voter_id(hashlib.sha256(f"{source.slug}:{vote.key}".encode()).hexdigest())
