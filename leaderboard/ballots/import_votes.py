"""Import the votes of another arena: every vote that the registry can match, or nothing."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from leaderboard.ballots.ballot import outcome_for, voter_id
from leaderboard.ballots.vote_files import ImportedVote, InvalidVoteFile
from leaderboard.models import OWN_SCOPE, WHOLE_SCOPE, Ballot, Exclusion, VoteSource
from models_registry.models import LanguageModel

BATCH_SIZE = 2_000  # ballots in one INSERT


@dataclass(slots=True)
class ImportReport:
    """How many rows were imported, already known, or left out because the registry lacks a model."""

    imported: int = 0
    known: int = 0
    unmatched: int = 0
    unmatched_names: Counter[str] = field(default_factory=Counter)
    self_matches: int = 0


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
        # Where the file does not tell voters apart, each vote is counted as another person's.
        voter=voter_id(hashlib.sha256(f"{source.slug}:{vote.visitor or vote.key}".encode()).hexdigest()),
        first=first,
        second=second,
        first_on_a=first_on_a,
        outcome=outcome_for(vote.choice, first_on_a),
        excluded_reason=Exclusion.SELF_MATCH if a == b else "",
    )
