"""Import the votes of another arena from a CSV file: every vote that the registry can match, or nothing."""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TextIO

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
BATCH_SIZE = 2_000  # ballots in one INSERT


class InvalidVoteFile(ValueError):
    """The file cannot be imported; the message says why, in the reader's language."""


@dataclass(frozen=True, slots=True)
class ImportedVote:
    """One row of the file."""

    key: str
    model_a: str
    model_b: str
    winner: str


@dataclass(slots=True)
class ImportReport:
    """How many rows were imported, already known, or left out because the registry lacks a model."""

    imported: int = 0
    known: int = 0
    unmatched: int = 0
    unmatched_names: Counter[str] = field(default_factory=Counter)
    self_matches: int = 0


def read_votes(lines: TextIO) -> list[ImportedVote]:
    """Parse a CSV file with the columns COLUMNS; raises InvalidVoteFile with the first errors."""
    reader = csv.DictReader(lines)
    if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
        raise InvalidVoteFile(_("Il manque des colonnes : %(names)s.") % {"names": ", ".join(missing)})
    rows = [{name: (row[name] or "").strip() for name in COLUMNS} for row in reader]
    if errors := list(_row_errors(rows)):
        n_more = len(errors) - MAX_ERRORS_SHOWN
        more = ngettext(" … et %(n)s autre", " … et %(n)s autres", n_more) % {"n": n_more}
        raise InvalidVoteFile(" ; ".join(errors[:MAX_ERRORS_SHOWN]) + (more if n_more > 0 else ""))
    return [ImportedVote(*row.values()) for row in rows]


def _row_errors(rows: Iterable[Mapping[str, str]]) -> Iterable[str]:
    """What is wrong, each with its line in the file, whose first line holds the names of the columns."""
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


@transaction.atomic
def import_votes(votes: list[ImportedVote], name: str, link: str = "", licence: str = "") -> ImportReport:
    """Create a ballot for each vote between two models of the registry.

    name, link, licence: of the arena, as readers will see them. Raises InvalidVoteFile on an unfit name.
    """
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
        raise InvalidVoteFile(_("« %(name)s » ne peut pas nommer une source.") % {"name": name})
    given = {field: value for field, value in (("link", link), ("licence", licence)) if value}
    return VoteSource.objects.update_or_create(slug=slug, defaults={"name": name, **given})[0]


def models_by_name() -> dict[str, LanguageModel]:
    """Every model by slug and by alias, in lower case; a slug wins over another model's alias."""
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
        # The file does not name voters: each vote is counted as another person's.
        voter=voter_id(hashlib.sha256(f"{source.slug}:{vote.key}".encode()).hexdigest()),
        first=first,
        second=second,
        first_on_a=first_on_a,
        outcome=outcome_for(WINNERS[vote.winner], first_on_a),
        excluded_reason=Exclusion.SELF_MATCH if a == b else "",
    )
